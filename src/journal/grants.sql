-- Who may what with one school's journal. Only run where the roles exist (schema.py makes them).

ALTER SCHEMA {school} OWNER TO dziennik_owner;
ALTER SCHEMA {keys} OWNER TO dziennik_owner;
ALTER TABLE {school}.head OWNER TO dziennik_owner;
ALTER TABLE {school}.events OWNER TO dziennik_owner;
ALTER TABLE {school}.commands OWNER TO dziennik_owner;
ALTER VIEW {school}.readable OWNER TO dziennik_owner;
ALTER TABLE {keys}.keys OWNER TO dziennik_owner;
ALTER FUNCTION {school}.refuse_change OWNER TO dziennik_owner;
ALTER FUNCTION {school}.append OWNER TO dziennik_owner;
ALTER FUNCTION {school}.position_at OWNER TO dziennik_owner;

REVOKE ALL ON SCHEMA {school}, {keys} FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {school} FROM PUBLIC;
GRANT USAGE ON SCHEMA {school}, {keys} TO dziennik_writer, dziennik_projector, dziennik_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA {school}, {keys} TO dziennik_writer, dziennik_projector, dziennik_reader;
GRANT EXECUTE ON FUNCTION {school}.append TO dziennik_writer;
GRANT EXECUTE ON FUNCTION {school}.position_at TO dziennik_writer, dziennik_projector, dziennik_reader;
GRANT INSERT (person, key_class, wrapped) ON {keys}.keys TO dziennik_writer;
GRANT UPDATE (wrapped, destroyed_at) ON {keys}.keys TO dziennik_writer;
