-- +goose Up

-- Names of files as humantext.FileName writes them, for those that were stored before it did. What
-- it would refuse is mended: nobody can be asked for another name now.
-- +goose StatementBegin
create function file_name_of(given text)
returns text
language plpgsql
immutable
strict
as $$
declare
    name text := normalize(given, nfc);
begin
    -- What looks like a space.
    name := regexp_replace(name, '[\u0009-\u000d\u0085\u00a0\u115f\u1160\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000\u3164\uffa0\U0001d159]', ' ', 'g');
    -- Control characters, and what cannot be seen: marks of direction, soft hyphens, tags and the
    -- like.
    name := regexp_replace(name, '[\u0001-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2'
        '\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\ufffc\U000110bd\U000110cd\U00013430-\U0001343f'
        '\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]', '', 'g');
    -- A bare joiner or style of a character, where neither an emoji, nor an ideograph, nor a script
    -- that joins its letters needs it.
    name := regexp_replace(name, '(?<![\u00a8\u00a9\u00ae\u2100-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff])\ufe0f(?!\u20e3)', '', 'g');
    name := regexp_replace(name, '(?<![\u1800-\u18af\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])'
        '[\u180b-\u180d\u180f\ufe00-\ufe0e\U000e0100-\U000e01ef]', '', 'g');
    name := regexp_replace(name, '(?<![\u00a8\u00a9\u00ae\u2100-\u2bff\ufe0f\U0001f000-\U0001faff\u0600-\u074f\u0900-\u0dff\u0f00-\u0fff\u1800-\u18af])[\u200c\u200d]', '', 'g');
    name := regexp_replace(name, '[\u200c\u200d](?![\u00a8\u00a9\u00ae\u2100-\u2bff\U0001f000-\U0001faff\u0600-\u074f\u0900-\u0dff\u0f00-\u0fff\u1800-\u18af])', '', 'g');
    -- What is left of a text that was read wrongly.
    name := replace(name, E'\ufffd', '_');
    name := btrim(regexp_replace(normalize(name, nfc), ' +', ' ', 'g'));
    -- The last element of a path, without dots and spaces at its end.
    name := ltrim(rtrim(regexp_replace(rtrim(translate(name, '\', '/'), '/'), '^.*/', ''), '. '), ' ');
    if btrim(name, '/._ ') !~ '[^\u0300-\u036f\u20d0-\u20ff\ufe00-\ufe0f\u200c\u200d]' then
        return 'файл';
    end if;
    if name ~* '^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *([.:]|$)' then
        return 'файл-' || name;
    end if;
    return name;
end $$;
-- +goose StatementEnd

update files set name = file_name_of(name) where name != file_name_of(name);

drop function file_name_of(text);

-- +goose Down
-- The names stay as they are: nobody misses what could not be seen.
select 1;
