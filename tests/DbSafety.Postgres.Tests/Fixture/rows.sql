INSERT INTO samples VALUES
    (1, '00000000-0000-0000-0000-000000000001', '2024-02-29', '2024-02-29 12:00:00+00', '{"a": 1, "b": {}}', 'happy',
     12.5, 1, 10000000000, 'alpha', 'alpha', '{a,b}', '{00000000-0000-0000-0000-000000000001}', '{1,2}', true, '1 day', 'ab'),
    (2, '00000000-0000-0000-0000-000000000002', '1999-12-31', '1999-12-31 23:59:59.999+00', '{}', 'so so',
     -0.001, -1, -1, 'O''Brien "quoted" \ back', 'O''Brien', '{"it''s","x,y"}', '{}', '{}', false, '-01:30:00', 'abcde'),
    (3, 'ffffffff-ffff-ffff-ffff-ffffffffffff', '2025-01-01', '2025-01-01 00:00:00+05:30', '["it''s", null]', 'don''t know',
     0, 0, 0, 'Grüße 漢字 🐘 50%_off', 'Grüße 漢字 🐘', '{Grüße}', '{ffffffff-ffff-ffff-ffff-ffffffffffff}', '{-5}', true, '1 mon', 'ü'),
    (4, '00000000-0000-0000-0000-000000000004', 'infinity', '-infinity', '""', 'happy',
     'NaN', 2147483647, 9223372036854775807, '', '', '{""}', NULL, '{NULL}', NULL, '0', ''),
    (5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (6, '00000000-0000-0000-0000-000000000006', '2020-02-02', '2020-02-02 02:02:02+00', 'null', 'so so',
     999999999.999, 7, 7, 'x''; DROP TABLE samples; --', 'x''; DROP TABLE samples; --', '{NULL,"{}"}', '{}', '{7,7}', false, '7 days', 'x');

INSERT INTO users VALUES (1, 'ann'), (2, 'Bob');
INSERT INTO app.things VALUES (1, 'spoon');
