-- +goose Up

-- People as ЕСИА gives them. A person signs in; what he acts as is a party.
create table people (
  id uuid primary key,
  esia_oid text not null unique,
  snils text not null,
  last_name text not null,
  first_name text not null,
  middle_name text not null default '',
  email text not null default '',
  phone text not null default '',
  inn text not null default '',
  active boolean not null default true,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);
create index people_snils on people (snils);

-- A party is the legal face of somebody: a natural person, a sole proprietor, an organisation.
create table parties (
  id uuid primary key,
  kind text not null check (kind in ('person', 'entrepreneur', 'organisation')),
  person_id uuid references people (id),
  esia_oid text unique,
  name text not null,
  short_name text not null default '',
  ogrn text not null default '',
  inn text not null default '',
  kpp text not null default '',
  -- An organisation that employs engineers has said so itself.
  is_employer boolean not null default false,
  -- How many of its engineers are confirmed, in the registry and not blocked: kept by whoever
  -- changes one of them.
  active_engineers integer not null default 0 check (active_engineers >= 0),
  created_at timestamptz not null default now(),
  check ((kind = 'organisation') = (person_id is null))
);
create unique index parties_of_person on parties (person_id, kind) where person_id is not null;
create unique index parties_ogrn on parties (ogrn) where kind = 'organisation';

-- Whom a person represents, re-read from ЕСИА at every sign-in.
create table representatives (
  person_id uuid not null references people (id),
  party_id uuid not null references parties (id),
  chief boolean not null default false,
  active boolean not null default true,
  read_at timestamptz not null,
  primary key (person_id, party_id)
);

create table registry_snapshots (
  id uuid primary key,
  as_of timestamptz not null unique,
  rows integer not null check (rows >= 0),
  sha256 text not null,
  loaded_at timestamptz not null default now()
);

-- Engineers as АИС «Реестр СРО» gives them, with what they say of themselves on the platform.
create table engineers (
  id uuid primary key,
  snils text not null unique,
  registry_number text not null,
  last_name text not null,
  first_name text not null,
  middle_name text not null default '',
  sro text not null default '',
  in_registry boolean not null,
  registry_as_of timestamptz not null,
  person_id uuid unique references people (id),
  -- Set by a moderator.
  blocked boolean not null default false,
  blocked_reason text not null default '',
  standing_at timestamptz not null default now(),
  -- Said in the profile.
  form text not null default '' check (form in ('', 'entrepreneur', 'employee')),
  employer_id uuid references parties (id),
  employment text not null default '' check (
    employment in ('', 'pending', 'confirmed', 'rejected', 'suspended', 'removed')
  ),
  receives_orders boolean not null default false,
  profile_complete boolean not null default false,
  regions text[] not null default '{}',
  email text not null default '',
  phone text not null default '',
  ogrnip text not null default '',
  check (form = 'employee' or employer_id is null),
  check ((employer_id is null) = (employment in ('', 'rejected', 'removed')))
);
create index engineers_employer on engineers (employer_id) where employer_id is not null;

create table consents (
  person_id uuid not null references people (id),
  version text not null,
  given_at timestamptz not null default now(),
  withdrawn_at timestamptz,
  primary key (person_id, version, given_at)
);

-- Only a hash of the token is kept: whoever reads this table cannot sign in with it.
create table sessions (
  token_hash bytea primary key check (length(token_hash) = 32),
  id uuid not null unique,
  person_id uuid not null references people (id),
  -- Empty until a role is chosen; consent may be still to give.
  role text not null default '' check (
    role in ('', 'customer', 'engineer', 'employer', 'moderator')
  ),
  party_id uuid,
  created_at timestamptz not null default now(),
  used_at timestamptz not null default now(),
  expires_at timestamptz not null,
  check ((role in ('', 'moderator')) = (party_id is null))
);
create index sessions_person on sessions (person_id);

-- A sign-in under way, bound to a cookie of the browser that began it.
create table logins (
  state uuid primary key,
  cookie_hash bytea not null check (length(cookie_hash) = 32),
  return_to text not null default '',
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);

-- +goose Down
drop table logins,
sessions,
consents,
engineers,
registry_snapshots,
representatives,
parties,
people;
