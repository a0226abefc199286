-- Learners, and what they told us about themselves.

CREATE TYPE difficulty AS ENUM ('A1', 'A2', 'B1', 'B2', 'C1', 'C2');

CREATE TABLE user_profiles (
    user_id             uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email               text NOT NULL UNIQUE,
    display_name        text NOT NULL,
    native_language     varchar(8) NOT NULL DEFAULT 'en',
    target_level        difficulty NOT NULL DEFAULT 'A2',
    birth_date          date,
    daily_goal_minutes  integer NOT NULL DEFAULT 20,
    average_score       numeric(5, 2),
    is_active           boolean NOT NULL DEFAULT true,
    learning_goals      jsonb NOT NULL DEFAULT '{}',
    previous_knowledge  jsonb NOT NULL DEFAULT '{}',
    usage_context       jsonb NOT NULL DEFAULT '{}',
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now()
);
