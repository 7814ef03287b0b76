# Deletes everything. Resources that depend on others come first.
# shellcheck shell=bash

step_destroy() {
  local compute=(--global "$IN_PROJECT")
  local identity=(--location=global "$IN_PROJECT")
  ask_before_destroying
  remove "compute forwarding-rules" "$FORWARDING_RULE" "${compute[@]}"
  remove "compute target-https-proxies" "$HTTPS_PROXY_NAME" "${compute[@]}"
  remove "compute ssl-policies" "$SERVICE" "${compute[@]}"
  remove "compute url-maps" "$SERVICE" "${compute[@]}"
  remove "compute backend-services" "$BACKEND" "${compute[@]}"
  remove "compute network-endpoint-groups" "$SERVICE" "--region=$REGION" "$IN_PROJECT"
  remove "compute ssl-certificates" "$CERTIFICATE" "${compute[@]}"
  remove "compute addresses" "$ADDRESS" "${compute[@]}"
  remove "network-security server-tls-policies" "$TLS_POLICY" "${identity[@]}"
  remove "certificate-manager trust-configs" "$TRUST_CONFIG" "${identity[@]}"
  remove "iam workload-identity-pools providers" "$SERVICE" "--workload-identity-pool=$POOL" "${identity[@]}"
  remove "iam workload-identity-pools" "$POOL" "${identity[@]}"
  remove "run services" "$SERVICE" "--region=$REGION" "$IN_PROJECT"
  remove "artifacts repositories" "$SERVICE" "--location=$REGION" "$IN_PROJECT"
  remove "secrets" "$SECRET" "$IN_PROJECT"
  remove "iam service-accounts" "$ACCOUNT" "$IN_PROJECT"
  note note "not deleted: the project, its APIs, and your DNS record"
}

ask_before_destroying() {
  local answer=
  if $DRY_RUN || $YES; then return; fi
  printf 'This deletes the token service in the project %s: load balancer, address, certificate,\n' "$PROJECT"
  printf 'workload identity pool %s with all its providers, Cloud Run service, images, secret and\n' "$POOL"
  printf 'service account. Its clients get no more tokens. To confirm, type the id of the project: '
  read -r answer || true
  printf '\n'
  [[ $answer == "$PROJECT" ]] || fail "nothing was deleted: the answer is not the id of the project"
}

remove() { # group of commands, resource and flags
  local group
  read -ra group <<<"$1"
  shift
  TASK="${group[*]} $1"
  look gcloud "${group[@]}" describe "$@" "$FLAT"
  if $DRY_RUN || { ! absent && ! has "state: DELETED"; }; then
    change "delete" gcloud "${group[@]}" delete "$@" --quiet
  else
    note gone "$TASK"
  fi
}
