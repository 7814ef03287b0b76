# The step project: APIs, service account and secret, which the other steps need.
# shellcheck shell=bash disable=SC2034  # Other parts read these variables.

step_project() {
  local services=(run cloudresourcemanager iam iamcredentials sts artifactregistry secretmanager)
  if ! $DRY_RUN; then
    TASK="the project $PROJECT"
    know project-number
    keep
  fi
  ensure_services "${services[@]/%/.googleapis.com}"
  ensure_service_account
  # IAM requires this role of everyone who signs as the account, also of the account itself.
  ensure_binding roles/iam.serviceAccountTokenCreator "serviceAccount:$ACCOUNT" "iam service-accounts" \
    "$ACCOUNT" "$IN_PROJECT"
  ensure_secret
}

ensure_services() { # APIs
  local api missing=()
  TASK="the APIs $*"
  look gcloud services list --enabled "$IN_PROJECT" "$FLAT(config.name)"
  for api in "$@"; do
    has "config.name: $api" || missing+=("$api")
  done
  if ((${#missing[@]} == 0)); then
    keep
  else
    change "enable" gcloud services enable "${missing[@]}" "$IN_PROJECT"
  fi
}

ensure_service_account() {
  TASK="the service account $ACCOUNT"
  look gcloud iam service-accounts describe "$ACCOUNT" "$IN_PROJECT" "$FLAT"
  refuse_disabled "gcloud iam service-accounts enable $ACCOUNT $IN_PROJECT"
  if absent; then
    change "create" gcloud iam service-accounts create "$SERVICE" "--display-name=Token Service" "$IN_PROJECT"
  elif ! has "displayName: Token Service"; then
    change "update" gcloud iam service-accounts update "$ACCOUNT" "--display-name=Token Service" "$IN_PROJECT"
  else
    keep
  fi
}

# Somebody disabled the resource, perhaps for a reason, so the script does not enable it again.
refuse_disabled() { # remedy
  ! has "disabled: True" || refuse "it is disabled" "if you want to use it again, enable it: $1"
}

# The load balancer proves itself with this secret. The script passes it only through standard input.
ensure_secret() {
  TASK="the secret $SECRET"
  look gcloud secrets describe "$SECRET" "$IN_PROJECT" "$FLAT"
  if absent; then
    change "create" gcloud secrets create "$SECRET" --replication-policy=automatic "$IN_PROJECT"
  else
    keep
  fi
  TASK="a version of the secret $SECRET"
  look gcloud secrets versions describe latest "--secret=$SECRET" "$IN_PROJECT" "$FLAT"
  if has "state: ENABLED"; then
    keep
  else
    INPUT='@{new-secret}' change "add" gcloud secrets versions add "$SECRET" --data-file=- "$IN_PROJECT"
  fi
  ensure_binding roles/secretmanager.secretAccessor "serviceAccount:$ACCOUNT" secrets "$SECRET" "$IN_PROJECT"
}
