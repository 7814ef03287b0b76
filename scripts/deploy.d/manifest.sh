# The Cloud Run service: the manifest with its placeholders filled in, and whether the running service matches it.
# shellcheck shell=bash

ENVIRONMENT='spec.template.spec.containers[0].env['

# Sets RENDERED. Every value has passed check_options: none can change the structure of the document.
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
    refuse "the manifest has \${${BASH_REMATCH[1]}}, which nothing is known of" "use no other than: ${!values[*]}"
  fi
  RENDERED=$text
}

# Whether what was found is what the manifest says. What the cloud adds of its own does not count, but for variables.
runs_as_rendered() {
  local lines=()
  absent && return 1
  resolve "$RENDERED"
  if ! awk -f scripts/deploy.d/flatten.awk <<<"$RESOLVED" >"$WORK/manifest" 2>"$WORK/errors"; then
    refuse "the manifest: $(<"$WORK/errors")" "write it as ops/cloud-run/app.yaml is written"
  fi
  mapfile -t lines < <(grep -Ev '^(apiVersion|kind): ' "$WORK/manifest")
  has_only "$ENVIRONMENT" "${lines[@]}"
}
