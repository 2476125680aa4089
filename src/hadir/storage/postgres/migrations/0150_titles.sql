-- What nobody gave a name has no title any more: it is called by its kind and place in the words of whoever looks. Rows
-- of such incidents name no content. A quotation mark inside a JSON string has a backslash in front, so the first
-- «"title":"» is the field.
update board_row
set body = regexp_replace(body::text, '"title":"(?:[^"\\]|\\.)*"', '"title":""')::json
where thing = 'incidents' and strpos(body::text, '"refs":{}') > 0;
