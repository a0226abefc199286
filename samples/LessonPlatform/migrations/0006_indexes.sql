-- The first indexes, for the queries that were slow first.

CREATE INDEX idx_lessons_can_do_id ON lessons (can_do_id);
CREATE INDEX idx_lessons_title ON lessons (title);
CREATE INDEX idx_lessons_created_at ON lessons (created_at DESC);
CREATE INDEX idx_lessons_tags ON lessons USING gin (tags);

-- For the foreign key. Its fault: uq_lesson_versions_lesson_version begins with lesson_id already, and serves it as well.
CREATE INDEX idx_lesson_versions_lesson_id ON lesson_versions (lesson_id);
-- DBS4006@-1: CREATE INDEX idx_lesson_versions_lesson_id ON lesson_versions (lesson_id)

-- Versions are only ever added at the end, so that the smallest of all indexes finds the old ones.
CREATE INDEX idx_lesson_versions_created_at ON lesson_versions USING brin (created_at);

CREATE INDEX idx_conversation_sessions_lesson_id ON conversation_sessions (lesson_id);
CREATE INDEX idx_learning_paths_user_id ON learning_paths (user_id);
CREATE INDEX idx_learning_paths_level ON learning_paths ((path_data ->> 'level'));
