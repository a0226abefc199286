-- Conversations with the tutor: sessions, their messages, and what was practised in them.

CREATE TABLE conversation_sessions (
    id                    uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id               uuid NOT NULL REFERENCES user_profiles (user_id),
    --                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS4003
    lesson_id             uuid REFERENCES lessons (id),
    session_type          text NOT NULL DEFAULT 'home',
    status                text NOT NULL DEFAULT 'active',
    title                 text NOT NULL,
    conversation_context  jsonb NOT NULL DEFAULT '{}',
    created_at            timestamptz NOT NULL DEFAULT now(),
    updated_at            timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE conversation_messages (
    id             uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    session_id     uuid NOT NULL REFERENCES conversation_sessions (id) ON DELETE CASCADE,
    --                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS4003
    role           text NOT NULL,
    content        text NOT NULL,
    message_order  integer NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE conversation_interactions (
    id                        uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    message_id                uuid REFERENCES conversation_messages (id) ON DELETE SET NULL,
    --                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS4003
    session_id                uuid NOT NULL REFERENCES conversation_sessions (id) ON DELETE CASCADE,
    user_id                   uuid NOT NULL REFERENCES user_profiles (user_id),
    --                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS4003
    interaction_type          text NOT NULL,
    concept_id                text NOT NULL,
    mastery_level             integer NOT NULL DEFAULT 1,
    confidence_self_reported  integer,
    next_review_date          timestamptz,
    metadata                  jsonb NOT NULL DEFAULT '{}',
    created_at                timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX idx_conversation_interactions_session_id ON conversation_interactions (session_id);
