UPDATE samples SET email = 'Ann@Example.com' WHERE id = 1;
UPDATE samples SET email = 'it''s@example.com' WHERE id = 2;
