# Reads the options of scripts/deploy from the command line and from a file, and checks them.
# shellcheck shell=bash disable=SC2034  # Other parts read these variables.

declare -A OPTION=()
CA_FILES=()
INTERMEDIATE_CA_FILES=()
CHOSEN=()
# The options of the command line, for the command that continues after a failure.
GIVEN=()
DRY_RUN=false
DESTROY=false
YES=false

usage_error() {
  printf 'scripts/deploy: %s\n\n' "$*" >&2
  usage >&2
  exit 64
}

fail() {
  printf 'scripts/deploy: %s\n' "$*" >&2
  exit 1
}

is_value_option() { # name
  case $1 in
    project | project-number | region | fqdn | pool | pool-name | ca | intermediate-ca | image | client-id-header | \
      manifest | certificate | load-balancing-scheme | documents | options) ;;
    *) return 1 ;;
  esac
}

parse_options() { # arguments
  local name value
  while (($# > 0)); do
    case $1 in
      -h | --help)
        usage
        exit 0
        ;;
      --dry-run) DRY_RUN=true ;;
      --destroy) DESTROY=true ;;
      --yes) YES=true ;;
      --*)
        name=${1%%=*}
        name=${name#--}
        is_value_option "$name" || usage_error "unknown option: --$name"
        if [[ $1 == *=* ]]; then
          value=${1#*=}
        else
          (($# > 1)) || usage_error "--$name needs a value"
          value=$2
          shift
        fi
        set_option "$name" "$value" "--$name"
        GIVEN+=("--$name=$value")
        ;;
      *) choose_step "$1" ;;
    esac
    shift
  done
  [[ -z ${OPTION[options]:-} ]] || read_options_file "${OPTION[options]}"
}

choose_step() { # name
  local step
  if [[ $1 == all ]]; then
    CHOSEN+=("${STEPS[@]}")
    return
  fi
  for step in "${STEPS[@]}"; do
    if [[ $step == "$1" ]]; then
      CHOSEN+=("$1")
      return
    fi
  done
  usage_error "unknown step: $1"
}

set_option() { # name, value, where it stands
  [[ -n $2 ]] || usage_error "$3 is empty"
  case $1 in
    ca) CA_FILES+=("$2") ;;
    intermediate-ca) INTERMEDIATE_CA_FILES+=("$2") ;;
    *)
      [[ -z ${OPTION[$1]:-} ]] || usage_error "$3 is given twice"
      OPTION[$1]=$2
      ;;
  esac
}

# The file is data. Nothing in it is executed.
read_options_file() { # file
  local line name value number=0 here
  local -A overridden=()
  [[ -f $1 && -r $1 ]] || usage_error "--options: cannot read the file $1"
  for name in "${!OPTION[@]}"; do overridden[$name]=1; done
  ((${#CA_FILES[@]} == 0)) || overridden[ca]=1
  ((${#INTERMEDIATE_CA_FILES[@]} == 0)) || overridden[intermediate-ca]=1
  while IFS= read -r line || [[ -n $line ]]; do
    number=$((number + 1))
    here="$1, line $number"
    [[ $line =~ ^[[:space:]]*(#.*)?$ ]] && continue
    [[ $line =~ ^[[:space:]]*([a-z-]+)[[:space:]]*=[[:space:]]*(.*[^[:space:]])[[:space:]]*$ ]] ||
      usage_error "$here: the line must be name=value"
    name=${BASH_REMATCH[1]} value=${BASH_REMATCH[2]}
    if ! is_value_option "$name" || [[ $name == options ]]; then usage_error "$here: unknown option $name"; fi
    [[ -n ${overridden[$name]:-} ]] || set_option "$name" "$value" "$here: $name"
  done <"$1"
}

PROBLEMS=()

# Checks the value of an option, and adds a problem to PROBLEMS.
check() { # option, pattern, what is allowed
  local value=${OPTION[$1]:-}
  if [[ -n $value && ! $value =~ ^($2)$ ]]; then
    PROBLEMS+=("--$1: found '$value', must be $3")
  fi
}

need() { # options
  local name
  for name in "$@"; do
    [[ -n ${OPTION[$name]:-} ]] || PROBLEMS+=("--$name is missing")
  done
}

check_options() {
  local name_of_dns='[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'
  $DESTROY || ((${#CHOSEN[@]} > 0)) || usage_error "a step is missing: name one, such as all"
  if $DESTROY && ((${#CHOSEN[@]} > 0)); then usage_error "--destroy deletes everything: name no step with it"; fi
  check project '[a-z][a-z0-9-]{4,28}[a-z0-9]' "a project id (not its number): 6 to 30 of a-z, 0-9 and -"
  check project-number '[0-9]{1,20}' "a project number: digits"
  check region '[a-z]+-[a-z]+[0-9]+' "a region, such as europe-west1"
  check fqdn "$name_of_dns(\.$name_of_dns)+" "a full DNS name in lower case, such as token-service.example.com"
  check pool '[a-z0-9-]{4,32}' "4 to 32 of a-z, 0-9 and -"
  [[ ${OPTION[pool]:-} != gcp-* ]] || PROBLEMS+=("--pool: must not start with gcp-")
  check pool-name '[^[:cntrl:]]{1,32}' "1 to 32 characters"
  check image '[A-Za-z0-9][A-Za-z0-9._/:@-]{0,499}' "the name of a container image"
  check certificate '[a-z]([a-z0-9-]{0,61}[a-z0-9])?' "1 to 63 of a-z, 0-9 and -"
  check load-balancing-scheme 'EXTERNAL|EXTERNAL_MANAGED' "EXTERNAL or EXTERNAL_MANAGED"
  check_client_id_header
  check_needed
  read_files
  if ((${#PROBLEMS[@]} > 0)); then
    printf 'scripts/deploy: %s\n' "${PROBLEMS[@]}" "scripts/deploy --help shows all options" >&2
    exit 64
  fi
  set_variables
}

check_client_id_header() {
  local name=${OPTION[client-id-header]:-X-Client-Cert-Hash}
  case ${name,,} in
    x-client-cert-hash | x-client-cert-spiffe | x-client-cert-uri-sans | x-client-cert-dnsname-sans) ;;
    *) PROBLEMS+=("--client-id-header: found '$name', must be X-Client-Cert-Hash, X-Client-Cert-SPIFFE," \
      "  X-Client-Cert-URI-SANs or X-Client-Cert-DNSName-SANs") ;;
  esac
}

check_needed() {
  local step problem problems=()
  local -A noted=()
  need project
  ! $DESTROY || need region pool
  for step in "${CHOSEN[@]}"; do
    case $step in
      app | load-balancer) need region fqdn pool ;;
      mtls) ((${#CA_FILES[@]} > 0)) || PROBLEMS+=("--ca is missing") ;;
      verify) need fqdn ;;
    esac
  done
  for problem in "${PROBLEMS[@]}"; do
    [[ -n ${noted[$problem]:-} ]] || problems+=("$problem")
    noted[$problem]=1
  done
  PROBLEMS=("${problems[@]}")
}

# Runs before the script changes its folder, because relative paths start at the folder of the caller.
read_files() {
  local file
  MANIFEST=${OPTION[manifest]:-$ROOT/ops/cloud-run/app.yaml}
  if [[ -f $MANIFEST && -r $MANIFEST ]]; then
    MANIFEST=$(<"$MANIFEST")
  else
    PROBLEMS+=("--manifest: cannot read the file $MANIFEST")
  fi
  CAS=() INTERMEDIATE_CAS=()
  for file in "${CA_FILES[@]}"; do read_certificates "$file" CAS; done
  for file in "${INTERMEDIATE_CA_FILES[@]}"; do read_certificates "$file" INTERMEDIATE_CAS; done
}

read_certificates() { # file, array to add to
  local -n certificates=$2
  local text rest block='-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=[:space:]]+-----END CERTIFICATE-----'
  if [[ ! -f $1 || ! -r $1 ]]; then
    PROBLEMS+=("cannot read the file $1")
    return
  fi
  text=$(tr -d '\r\0' <"$1")
  if [[ $text == *'PRIVATE KEY-----'* ]]; then
    PROBLEMS+=("$1 holds a private key: name a file with only the certificate")
    return
  fi
  rest=$text
  while [[ $rest =~ $block ]]; do
    certificates+=("${BASH_REMATCH[0]}")
    rest=${rest#*"${BASH_REMATCH[0]}"}
  done
  if [[ $text == "$rest" || $rest == *'-----BEGIN CERTIFICATE-----'* ]]; then
    PROBLEMS+=("$1 holds no certificates in PEM, which start with -----BEGIN CERTIFICATE-----")
  fi
}

set_variables() {
  PROJECT=${OPTION[project]}
  IN_PROJECT=--project=$PROJECT
  REGION=${OPTION[region]:-}
  FQDN=${OPTION[fqdn]:-}
  POOL=${OPTION[pool]:-}
  POOL_NAME=${OPTION[pool-name]:-$POOL}
  CLIENT_ID_HEADER=${OPTION[client-id-header]:-X-Client-Cert-Hash}
  CERTIFICATE=${OPTION[certificate]:-$SERVICE}
  SCHEME=${OPTION[load-balancing-scheme]:-EXTERNAL_MANAGED}
  DOCUMENTS=${OPTION[documents]:-$ROOT/target/deploy}
  [[ $DOCUMENTS == /* ]] || DOCUMENTS=$PWD/$DOCUMENTS
  ACCOUNT=$SERVICE@$PROJECT.iam.gserviceaccount.com
  [[ -z ${OPTION[project-number]:-} ]] || KNOWN[project-number]=${OPTION[project-number]}
}

check_tools() {
  ! $DRY_RUN || return 0
  local tool
  for tool in gcloud openssl curl; do
    command -v "$tool" >/dev/null || fail "the command $tool is missing: install it, or use Cloud Shell, which has it"
  done
}
