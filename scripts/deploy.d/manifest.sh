# The Cloud Run service: the manifest with its placeholders filled in, and whether the running service matches it.
# shellcheck shell=bash

ENVIRONMENT='spec.template.spec.containers[0].env['

# Sets RENDERED. check_options has checked every value, so that none can change the structure of the document.
render_manifest() {
  local name text
  local -A values=(
    [PROJECT_NUMBER]='@{project-number}'
    [REGION]=$REGION
    [SERVICE_ACCOUNT]=$ACCOUNT
    [IMAGE]=$IMAGE
    [FQDN]=$FQDN
    [POOL]=$POOL
    [CLIENT_ID_HEADER]=$CLIENT_ID_HEADER
    [PROXY_SECRET_VERSION]='@{secret-version}'
  )
  text=$(awk '!/^[[:space:]]*(#|$)/' <<<"$MANIFEST")$'\n'
  for name in "${!values[@]}"; do
    text=${text//"\${$name}"/"${values[$name]}"}
  done
  if [[ $text =~ \$\{([^}]*)\} ]]; then
    refuse "the manifest has the unknown placeholder \${${BASH_REMATCH[1]}}" "use only these: ${!values[*]}"
  fi
  RENDERED=$text
}

# Whether FOUND matches the manifest. Fields that the cloud adds do not count, except environment variables.
runs_as_rendered() {
  local lines=()
  absent && return 1
  resolve "$RENDERED"
  if ! awk -f scripts/deploy.d/flatten.awk <<<"$RESOLVED" >"$WORK/manifest" 2>"$WORK/errors"; then
    refuse "the manifest: $(<"$WORK/errors")" "write it in the form of ops/cloud-run/app.yaml"
  fi
  mapfile -t lines < <(grep -Ev '^(apiVersion|kind): ' "$WORK/manifest")
  has_only "$ENVIRONMENT" "${lines[@]}"
}
