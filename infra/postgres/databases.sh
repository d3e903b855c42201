#!/bin/bash
# A role and a database for each service: none can read another's tables.
set -e
for service in catalog connections policy executor; do
  variable="POSTGRES_${service^^}_PASSWORD"
  psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<SQL
CREATE ROLE $service LOGIN PASSWORD '${!variable}';
CREATE DATABASE $service OWNER $service;
REVOKE CONNECT ON DATABASE $service FROM PUBLIC;
SQL
done
