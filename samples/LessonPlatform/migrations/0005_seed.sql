-- A handful of rows, so that every endpoint has something to answer with.

INSERT INTO user_profiles (user_id, email, display_name, native_language, target_level, birth_date, average_score, learning_goals, previous_knowledge, usage_context) VALUES
    ('10000000-0000-0000-0000-000000000001', 'aiko@example.com', 'Aiko', 'ja', 'B1', '1994-03-12', 81.50, '{"vocabulary": true, "grammar": false}', '{"english": "A2"}', '{"place": "work"}'),
    ('10000000-0000-0000-0000-000000000002', 'bruno@example.com', 'Bruno', 'pt', 'A2', '1988-11-02', 64.25, '{"vocabulary": true}', '{}', '{"place": "travel"}'),
    ('10000000-0000-0000-0000-000000000003', 'chloe@example.com', 'Chloe', 'fr', 'C1', NULL, NULL, '{"pronunciation": true}', '{"french": "C2"}', '{}');

INSERT INTO lessons (id, can_do_id, title, status, difficulty, tags, estimated_minutes) VALUES
    ('20000000-0000-0000-0000-000000000001', 'JFS-1', 'Ordering coffee', 'completed', 'A1', '{food,speaking}', 15),
    ('20000000-0000-0000-0000-000000000002', 'JFS-2', 'Asking the way', 'completed', 'A2', '{travel,speaking}', 20),
    ('20000000-0000-0000-0000-000000000003', 'JFS-3', 'Writing a complaint', 'draft', 'B2', '{writing}', 35);

INSERT INTO lesson_versions (lesson_id, version, lesson_plan, change_note) VALUES
    ('20000000-0000-0000-0000-000000000001', 1, '{"steps": ["greet", "order"]}', 'first'),
    ('20000000-0000-0000-0000-000000000001', 2, '{"steps": ["greet", "order", "pay"]}', 'pays now'),
    ('20000000-0000-0000-0000-000000000002', 1, '{"steps": ["ask", "thank"]}', 'first');

INSERT INTO lesson_sessions (lesson_id, user_id, version, completed, score, started_at, completed_at) VALUES
    ('20000000-0000-0000-0000-000000000001', '10000000-0000-0000-0000-000000000001', 2, true, 92.00, '2025-12-01 09:00+00', '2025-12-01 09:14+00'),
    ('20000000-0000-0000-0000-000000000002', '10000000-0000-0000-0000-000000000001', 1, true, 71.00, '2025-12-02 18:30+00', '2025-12-02 18:55+00'),
    ('20000000-0000-0000-0000-000000000001', '10000000-0000-0000-0000-000000000002', 2, false, NULL, '2025-12-03 09:10+00', NULL);

INSERT INTO conversation_sessions (id, user_id, lesson_id, session_type, status, title, conversation_context) VALUES
    ('30000000-0000-0000-0000-000000000001', '10000000-0000-0000-0000-000000000001', '20000000-0000-0000-0000-000000000001', 'lesson', 'active', 'Coffee talk', '{"topic": "coffee"}'),
    ('30000000-0000-0000-0000-000000000002', '10000000-0000-0000-0000-000000000001', NULL, 'home', 'completed', 'Small talk', '{}'),
    ('30000000-0000-0000-0000-000000000003', '10000000-0000-0000-0000-000000000002', NULL, 'practice', 'active', 'Numbers', '{}');

INSERT INTO conversation_messages (id, session_id, role, content, message_order) VALUES
    ('40000000-0000-0000-0000-000000000001', '30000000-0000-0000-0000-000000000001', 'assistant', 'What would you like to drink?', 1),
    ('40000000-0000-0000-0000-000000000002', '30000000-0000-0000-0000-000000000001', 'user', 'A coffee, please.', 2),
    ('40000000-0000-0000-0000-000000000003', '30000000-0000-0000-0000-000000000003', 'assistant', 'Count to ten.', 1);

INSERT INTO conversation_interactions (message_id, session_id, user_id, interaction_type, concept_id, mastery_level, confidence_self_reported, next_review_date, metadata) VALUES
    ('40000000-0000-0000-0000-000000000002', '30000000-0000-0000-0000-000000000001', '10000000-0000-0000-0000-000000000001', 'vocabulary_learned', 'coffee', 2, 4, '2025-12-20 08:00+00', '{"word": "coffee"}'),
    ('40000000-0000-0000-0000-000000000003', '30000000-0000-0000-0000-000000000003', '10000000-0000-0000-0000-000000000002', 'grammar_practiced', 'numbers', 1, 2, '2025-12-28 08:00+00', '{"until": 10}');

INSERT INTO learning_paths (id, user_id, name, path_data, progress_data, starts_on, target_date) VALUES
    ('50000000-0000-0000-0000-000000000001', '10000000-0000-0000-0000-000000000001', 'Everyday English', '{"level": "B1", "steps": 12}', '{"done": 3}', '2025-11-01', '2026-03-31'),
    ('50000000-0000-0000-0000-000000000002', '10000000-0000-0000-0000-000000000002', 'Holiday phrases', '{"level": "A2", "steps": 6}', '{"done": 1}', '2025-12-01', '2026-06-30');
