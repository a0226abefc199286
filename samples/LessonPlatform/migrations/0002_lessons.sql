-- Lessons are compiled from a can-do statement; each compilation is a version.

CREATE TABLE lessons (
    id                 uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    can_do_id          text NOT NULL,
    title              text NOT NULL,
    status             text NOT NULL DEFAULT 'draft',
    difficulty         difficulty NOT NULL DEFAULT 'A1',
    tags               text[] NOT NULL DEFAULT '{}',
    estimated_minutes  integer NOT NULL DEFAULT 20,
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE lesson_versions (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    lesson_id    uuid NOT NULL REFERENCES lessons (id) ON DELETE CASCADE,
    version      integer NOT NULL,
    lesson_plan  jsonb NOT NULL,
    change_note  text,
    created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE UNIQUE INDEX uq_lesson_versions_lesson_version ON lesson_versions (lesson_id, version);

CREATE TABLE lesson_sessions (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    lesson_id     uuid NOT NULL REFERENCES lessons (id),
    user_id       uuid NOT NULL REFERENCES user_profiles (user_id),
    --                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS4003
    version       integer NOT NULL DEFAULT 1,
    completed     boolean NOT NULL DEFAULT false,
    score         numeric(5, 2),
    started_at    timestamptz NOT NULL DEFAULT now(),
    completed_at  timestamptz
);

CREATE INDEX idx_lesson_sessions_lesson_id ON lesson_sessions (lesson_id);
