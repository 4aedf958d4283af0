-- What the migrations leave behind; `make schema` writes it, a test compares it.
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE applicants (
	id INTEGER NOT NULL,
	aamc_id TEXT NOT NULL,
	email TEXT NOT NULL,
	CONSTRAINT pk_applicants PRIMARY KEY (id),
	CONSTRAINT uq_applicants_aamc_id UNIQUE (aamc_id)
);
CREATE TABLE attempts (
	id INTEGER NOT NULL,
	letter_id INTEGER,
	account TEXT NOT NULL,
	at DATETIME NOT NULL,
	CONSTRAINT pk_attempts PRIMARY KEY (id),
	CONSTRAINT fk_attempts_letter_id_letters FOREIGN KEY(letter_id) REFERENCES letters (id) ON DELETE RESTRICT
);
CREATE TABLE events (
	id INTEGER NOT NULL,
	letter_id INTEGER NOT NULL,
	at DATETIME NOT NULL,
	from_state TEXT,
	to_state TEXT NOT NULL,
	command TEXT NOT NULL,
	why TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_events PRIMARY KEY (id),
	CONSTRAINT fk_events_letter_id_letters FOREIGN KEY(letter_id) REFERENCES letters (id) ON DELETE RESTRICT
);
CREATE TABLE "programs" (
	id INTEGER NOT NULL,
	program TEXT NOT NULL,
	specialty TEXT NOT NULL,
	acgme_id TEXT DEFAULT ('') NOT NULL,
	nrmp_code TEXT DEFAULT ('') NOT NULL,
	institution TEXT DEFAULT ('') NOT NULL,
	city TEXT DEFAULT ('') NOT NULL,
	state TEXT DEFAULT ('') NOT NULL,
	director_first_name TEXT DEFAULT ('') NOT NULL,
	director_last_name TEXT DEFAULT ('') NOT NULL,
	director_email TEXT DEFAULT ('') NOT NULL,
	coordinator_name TEXT DEFAULT ('') NOT NULL,
	coordinator_email TEXT DEFAULT ('') NOT NULL,
	status TEXT DEFAULT 'applied' NOT NULL,
	interview_date DATE,
	step2_policy TEXT DEFAULT 'unknown' NOT NULL,
	top_choice BOOLEAN DEFAULT 0 NOT NULL,
	signal TEXT DEFAULT 'none' NOT NULL,
	connection TEXT DEFAULT ('') NOT NULL,
	reason TEXT DEFAULT ('') NOT NULL,
	contact_policy TEXT DEFAULT 'open' NOT NULL,
	application_service TEXT,
	rank_list_locked BOOLEAN DEFAULT 0 NOT NULL,
	told_on DATE,
	notes TEXT DEFAULT ('') NOT NULL,
	extra JSON DEFAULT '{}' NOT NULL,
	set_by_user JSON DEFAULT '[]' NOT NULL,
	name_key TEXT NOT NULL,
	CONSTRAINT pk_programs PRIMARY KEY (id),
	CONSTRAINT ck_programs_program_named CHECK (program <> ''),
	CONSTRAINT ck_programs_status CHECK (status = 'applied' OR status = 'invited' OR status = 'interviewed' OR status = 'waitlisted' OR status = 'on_hold' OR status = 'rejected' OR status = 'withdrawn' OR status = 'not_applied'),
	CONSTRAINT ck_programs_step2_policy CHECK (step2_policy = 'unknown' OR step2_policy = 'none' OR step2_policy = 'mentioned' OR step2_policy = 'strongly_considered' OR step2_policy = 'requested' OR step2_policy = 'required_to_rank'),
	CONSTRAINT ck_programs_signal CHECK (signal = 'none' OR signal = 'yes' OR signal = 'silver' OR signal = 'gold'),
	CONSTRAINT ck_programs_contact_policy CHECK (contact_policy = 'open' OR contact_policy = 'if_asked' OR contact_policy = 'none'),
	CONSTRAINT ck_programs_application_service CHECK (application_service = 'eras' OR application_service = 'residencycas' OR application_service = 'sfmatch' OR application_service = 'other')
);
CREATE TABLE journal (
	id INTEGER NOT NULL,
	line INTEGER NOT NULL,
	CONSTRAINT pk_journal PRIMARY KEY (id),
	CONSTRAINT ck_journal_one_row CHECK (id = 1)
);
CREATE TABLE pauses (
	account TEXT NOT NULL,
	until DATETIME NOT NULL,
	why TEXT NOT NULL,
	strikes INTEGER NOT NULL,
	CONSTRAINT pk_pauses PRIMARY KEY (account)
);
CREATE TABLE "letters" (
	id INTEGER NOT NULL,
	applicant_id INTEGER NOT NULL,
	program_id INTEGER NOT NULL,
	occasion TEXT NOT NULL,
	season INTEGER NOT NULL,
	attempt INTEGER NOT NULL,
	letter TEXT NOT NULL,
	picked TEXT NOT NULL,
	rule TEXT NOT NULL,
	state TEXT DEFAULT 'draft' NOT NULL,
	subject TEXT NOT NULL,
	body TEXT NOT NULL,
	sender TEXT NOT NULL,
	to_addresses JSON NOT NULL,
	cc_addresses JSON NOT NULL,
	to_key TEXT NOT NULL,
	facts JSON NOT NULL,
	chosen BOOLEAN DEFAULT 0 NOT NULL,
	edited BOOLEAN DEFAULT 0 NOT NULL,
	stale BOOLEAN DEFAULT 0 NOT NULL,
	undecided BOOLEAN DEFAULT 0 NOT NULL,
	findings JSON DEFAULT '[]' NOT NULL,
	overrides JSON DEFAULT '{}' NOT NULL,
	content_digest TEXT NOT NULL,
	shown_digest TEXT,
	digest TEXT,
	wire BLOB,
	message_id TEXT,
	in_reply_to TEXT,
	account TEXT,
	approved_at DATETIME,
	date_header TEXT,
	owner TEXT,
	token INTEGER DEFAULT '0' NOT NULL,
	lease_until DATETIME,
	attempts INTEGER DEFAULT '0' NOT NULL,
	first_attempt_at DATETIME,
	next_attempt_at DATETIME,
	sent_at DATETIME,
	last_reply TEXT,
	held_because TEXT,
	CONSTRAINT pk_letters PRIMARY KEY (id),
	CONSTRAINT ck_letters_letter CHECK (letter = 'strong_score' OR letter = 'improvement' OR letter = 'after_interview' OR letter = 'score_pending' OR letter = 'score_posted' OR letter = 'context' OR letter = 'retake' OR letter = 'score_notice'),
	CONSTRAINT ck_letters_occasion CHECK (occasion = 'pending' OR occasion = 'result'),
	CONSTRAINT ck_letters_state CHECK (state = 'draft' OR state = 'left_out' OR state = 'approved' OR state = 'claimed' OR state = 'committing' OR state = 'sent' OR state = 'deferred' OR state = 'refused' OR state = 'unknown' OR state = 'exported' OR state = 'cancelled'),
	CONSTRAINT ck_letters_frozen CHECK (state = 'draft' OR state = 'left_out' OR state = 'cancelled' OR state = 'refused' OR (wire IS NOT NULL AND digest IS NOT NULL AND message_id IS NOT NULL)),
	CONSTRAINT ck_letters_leased CHECK (state <> 'claimed' AND state <> 'committing' OR (owner IS NOT NULL AND lease_until IS NOT NULL)),
	CONSTRAINT fk_letters_applicant_id_applicants FOREIGN KEY(applicant_id) REFERENCES applicants (id) ON DELETE RESTRICT,
	CONSTRAINT fk_letters_program_id_programs FOREIGN KEY(program_id) REFERENCES programs (id) ON DELETE RESTRICT,
	CONSTRAINT uq_letters_applicant_id_season_attempt_occasion_program_id UNIQUE (applicant_id, season, attempt, occasion, program_id),
	CONSTRAINT uq_letters_message_id UNIQUE (message_id)
);
CREATE TABLE retired (
	program_id INTEGER NOT NULL,
	into_id INTEGER,
	at DATETIME NOT NULL,
	CONSTRAINT pk_retired PRIMARY KEY (program_id),
	CONSTRAINT fk_retired_program_id_programs FOREIGN KEY(program_id) REFERENCES programs (id) ON DELETE RESTRICT,
	CONSTRAINT fk_retired_into_id_programs FOREIGN KEY(into_id) REFERENCES programs (id) ON DELETE RESTRICT
);
CREATE TABLE column_uses (
	header TEXT NOT NULL,
	target TEXT NOT NULL,
	CONSTRAINT pk_column_uses PRIMARY KEY (header)
);
CREATE TABLE imports (
	name TEXT NOT NULL,
	programs TEXT NOT NULL,
	warnings JSON NOT NULL,
	CONSTRAINT pk_imports PRIMARY KEY (name)
);
CREATE INDEX ix_attempts_account_at ON attempts (account, at);
CREATE INDEX ix_events_letter ON events (letter_id, id);
CREATE TRIGGER events_never_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_never_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE INDEX ix_programs_nrmp_code ON programs (nrmp_code);
CREATE INDEX ix_programs_acgme_id_nrmp_code ON programs (acgme_id, nrmp_code);
CREATE INDEX ix_programs_name_key_nrmp_code ON programs (name_key, nrmp_code);
CREATE INDEX ix_programs_service ON programs (application_service, specialty);
CREATE INDEX ix_letters_state ON letters (state);
CREATE INDEX ix_letters_program ON letters (program_id, state);
CREATE INDEX ix_letters_held ON letters (state) WHERE held_because IS NOT NULL;
CREATE UNIQUE INDEX uq_letters_address_once ON letters (applicant_id, season, attempt, occasion, to_key) WHERE state = 'claimed' OR state = 'committing' OR state = 'exported' OR state = 'sent' OR state = 'unknown';
CREATE INDEX ix_programs_name_key_acgme_id ON programs (name_key, acgme_id);
INSERT INTO alembic_version (version_num) VALUES ('0006_imports_remembered');
