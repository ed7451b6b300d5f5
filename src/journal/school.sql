-- One school's journal. {school} is its schema, {keys} the schema of its people's keys.
-- Every statement may run again on a school that exists. Runs on PostgreSQL 15 to 18.

CREATE SCHEMA IF NOT EXISTS {school};
CREATE SCHEMA IF NOT EXISTS {keys};

-- The serial section: whoever updates the one row holds the school until commit, so positions are
-- given out in commit order and without holes. `clock` is the latest recorded_at so far, `before` what
-- it was before the last batch.
CREATE TABLE IF NOT EXISTS {school}.head (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    position bigint NOT NULL CHECK (position >= 0),
    clock    timestamptz NOT NULL,
    before   timestamptz NOT NULL
) WITH (fillfactor = 10);
INSERT INTO {school}.head (position, clock, before) VALUES (0, '-infinity', '-infinity') ON CONFLICT DO NOTHING;

-- `origin` and `state` are JSON as the writer made it, byte for byte: proofs hash stored bytes.
-- `clock` never runs backwards along positions, whatever the writers' clocks do.
CREATE TABLE IF NOT EXISTS {school}.events (
    position bigint NOT NULL,
    clock    timestamptz NOT NULL,
    version  integer NOT NULL CHECK (version >= 0),
    stream   text COLLATE "C" NOT NULL,
    name     text COLLATE "C" NOT NULL,
    origin   bytea NOT NULL,
    state    bytea NOT NULL,
    PRIMARY KEY (stream, version)
);
CREATE UNIQUE INDEX IF NOT EXISTS events_position ON {school}.events (position);

CREATE TABLE IF NOT EXISTS {school}.commands (
    first_position bigint NOT NULL,
    last_position  bigint NOT NULL,
    command_id     text COLLATE "C" PRIMARY KEY,
    digest         bytea NOT NULL
);

-- For people at a prompt.
CREATE OR REPLACE VIEW {school}.readable AS
    SELECT position, clock, stream, version, name,
           convert_from(origin, 'UTF8')::json AS origin, convert_from(state, 'UTF8')::json AS state
    FROM {school}.events;

CREATE TABLE IF NOT EXISTS {keys}.keys (
    key_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person       text COLLATE "C" NOT NULL,
    key_class    text COLLATE "C" NOT NULL,
    wrapped      bytea,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    destroyed_at timestamptz,
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);
CREATE UNIQUE INDEX IF NOT EXISTS keys_in_use ON {keys}.keys (person, key_class) WHERE wrapped IS NOT NULL;

CREATE OR REPLACE FUNCTION {school}.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    RAISE EXCEPTION '% on %.% is refused: the journal is only ever added to',
        TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$body$;

CREATE OR REPLACE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {school}.events
    FOR EACH STATEMENT EXECUTE FUNCTION {school}.refuse_change();
CREATE OR REPLACE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {school}.commands
    FOR EACH STATEMENT EXECUTE FUNCTION {school}.refuse_change();
CREATE OR REPLACE TRIGGER refuse_change BEFORE DELETE OR TRUNCATE ON {school}.head
    FOR EACH STATEMENT EXECUTE FUNCTION {school}.refuse_change();
-- ALWAYS: also in a session that plays replica.
ALTER TABLE {school}.events ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE {school}.commands ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE {school}.head ENABLE ALWAYS TRIGGER refuse_change;

-- Write a batch of commands; each succeeds or is refused on its own.
--
-- Per command i: commands[i], digests[i], origins[i], clocks[i] (a running maximum over the batch).
-- checks: streams written or consulted and the versions they must be at (0: no such stream).
-- facts: in order of their commands.
-- No command may touch a stream that an earlier one of the batch writes, and no two may have the same id.
--
-- Answers JSON: the position before the first new fact, or, when some are refused, an array of it and
-- one array per refused command: [i, first, last, digest] for a known one, [i, stream, expected, actual].
CREATE OR REPLACE FUNCTION {school}.append(
    commands text[], digests bytea[], origins bytea[], clocks timestamptz[],
    check_commands integer[], check_streams text[], check_versions integer[],
    fact_commands integer[], fact_streams text[], fact_versions integer[], fact_names text[], fact_states bytea[]
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    facts   integer := cardinality(fact_names);
    base    bigint;
    before  timestamptz;
    refused jsonb;
    out_of  integer[];
BEGIN
    UPDATE {school}.head AS h
        SET position = h.position + facts, clock = greatest(h.clock, clocks[cardinality(clocks)]), before = h.clock
        RETURNING h.position - facts, h.before INTO STRICT base, before;

    SELECT jsonb_agg(r.why), array_agg(r.i) INTO refused, out_of FROM (
        SELECT c.i::integer AS i,
               jsonb_build_array(c.i, k.first_position, k.last_position, encode(k.digest, 'hex')) AS why
            FROM unnest(commands) WITH ORDINALITY AS c (id, i)
            JOIN {school}.commands AS k ON k.command_id = c.id
        UNION ALL
        SELECT c.i, jsonb_build_array(c.i, c.stream, c.version, coalesce(e.version, 0))
            FROM unnest(check_commands, check_streams, check_versions) AS c (i, stream, version)
            LEFT JOIN LATERAL (
                SELECT v.version FROM {school}.events AS v
                WHERE v.stream = c.stream ORDER BY v.stream DESC, v.version DESC LIMIT 1
            ) AS e ON true
            WHERE coalesce(e.version, least(c.version, 0)) <> c.version
    ) AS r;

    IF refused IS NOT NULL THEN
        SELECT array_agg(f.i ORDER BY f.n), array_agg(f.stream ORDER BY f.n), array_agg(f.version ORDER BY f.n),
               array_agg(f.name ORDER BY f.n), array_agg(f.state ORDER BY f.n)
            INTO fact_commands, fact_streams, fact_versions, fact_names, fact_states
            FROM unnest(fact_commands, fact_streams, fact_versions, fact_names, fact_states)
                WITH ORDINALITY AS f (i, stream, version, name, state, n)
            WHERE f.i <> ALL (out_of);
        UPDATE {school}.head AS h SET position = base + coalesce(cardinality(fact_names), 0);
    END IF;

    INSERT INTO {school}.commands (first_position, last_position, command_id, digest)
        SELECT base + min(f.n), base + max(f.n), commands[f.i], digests[f.i]
        FROM unnest(fact_commands) WITH ORDINALITY AS f (i, n) GROUP BY f.i;
    INSERT INTO {school}.events (position, clock, version, stream, name, origin, state)
        SELECT base + f.n, greatest(before, clocks[f.i]), f.version, f.stream, f.name, origins[f.i], f.state
        FROM unnest(fact_commands, fact_streams, fact_versions, fact_names, fact_states)
            WITH ORDINALITY AS f (i, stream, version, name, state, n);

    RETURN coalesce(jsonb_build_array(base) || refused, to_jsonb(base))::text;
END
$body$;

-- The last position whose clock is not after `moment` (0: none), by halving.
CREATE OR REPLACE FUNCTION {school}.position_at(moment timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    low  bigint := 0;
    high bigint;
    mid  bigint;
BEGIN
    SELECT h.position INTO STRICT high FROM {school}.head AS h;
    WHILE low < high LOOP
        mid := (low + high + 1) / 2;
        IF (SELECT e.clock <= moment FROM {school}.events AS e WHERE e.position = mid) THEN
            low := mid;
        ELSE
            high := mid - 1;
        END IF;
    END LOOP;
    RETURN low;
END
$body$;
