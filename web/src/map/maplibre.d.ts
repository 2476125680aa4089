// The library's build without blob: workers and eval, for a strict content policy; the types are those of the usual one.
declare module "maplibre-gl/dist/maplibre-gl-csp" {
  import maplibre from "maplibre-gl";
  export default maplibre;
}
