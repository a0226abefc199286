-- The way that a learner takes through the lessons.

CREATE TABLE learning_paths (
    id             uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id        uuid NOT NULL REFERENCES user_profiles (user_id),
    name           text NOT NULL,
    path_data      jsonb NOT NULL DEFAULT '{}',
    progress_data  jsonb NOT NULL DEFAULT '{}',
    starts_on      date NOT NULL DEFAULT CURRENT_DATE,
    target_date    date,
    is_active      boolean NOT NULL DEFAULT true,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now()
);
