# The step app: the workload identity pool, the image and the Cloud Run service.
# shellcheck shell=bash disable=SC2034  # Other parts read these variables.

step_app() {
  ensure_pool
  if [[ -n ${OPTION[image]:-} ]]; then
    IMAGE=${OPTION[image]}
  else
    ensure_repository
    ensure_image
  fi
  ensure_service
  ensure_invoker
}

ensure_pool() {
  local pool=("$POOL" --location=global "$IN_PROJECT")
  TASK="the workload identity pool $POOL"
  look gcloud iam workload-identity-pools describe "${pool[@]}" "$FLAT"
  refuse_disabled "gcloud iam workload-identity-pools update ${pool[*]} --no-disabled"
  if absent; then
    change "create" gcloud iam workload-identity-pools create "${pool[@]}" "--display-name=$POOL_NAME"
    return
  fi
  # A deleted pool keeps its name for 30 days, so it must be restored.
  if has "state: DELETED"; then
    change "undelete" gcloud iam workload-identity-pools undelete "${pool[@]}"
  fi
  if ! has "displayName: $POOL_NAME"; then
    change "update" gcloud iam workload-identity-pools update "${pool[@]}" "--display-name=$POOL_NAME"
  else
    keep
  fi
}

ensure_repository() {
  TASK="the image repository $SERVICE"
  look gcloud artifacts repositories describe "$SERVICE" "--location=$REGION" "$IN_PROJECT" "$FLAT"
  if absent; then
    change "create" gcloud artifacts repositories create "$SERVICE" --repository-format=docker \
      "--location=$REGION" "$IN_PROJECT"
  elif ! has "format: DOCKER"; then
    refuse "it is not a repository of container images" "push the image to another repository, and set --image"
  else
    keep
  fi
}

ensure_image() {
  local host=$REGION-docker.pkg.dev tool
  IMAGE="$host/$PROJECT/$SERVICE/$SERVICE:@{commit}"
  TASK="the image of this checkout"
  if ! $DRY_RUN; then
    for tool in git docker; do
      command -v "$tool" >/dev/null || refuse "the command $tool is missing" "install it, or set --image"
    done
    [[ -z $(git status --porcelain) ]] ||
      refuse "files differ from the last commit, which names the image" "commit the changes, or set --image"
    resolve "$IMAGE"
    IMAGE=$RESOLVED
    TASK="the image $IMAGE"
  fi
  look gcloud artifacts docker images describe "$IMAGE" "$IN_PROJECT" "$FLAT"
  if ! absent; then
    keep
    return
  fi
  change "log-in" gcloud auth configure-docker "$host" --quiet "$IN_PROJECT"
  # Cloud Run needs this platform, also if the build machine has another one.
  change "build" docker build --platform=linux/amd64 "--build-arg=REVISION=@{commit}" "--tag=$IMAGE" .
  change "push" docker push "$IMAGE"
}

ensure_service() {
  local RENDERED
  TASK="the manifest"
  render_manifest
  TASK="the Cloud Run service $SERVICE"
  look gcloud run services describe "$SERVICE" "--region=$REGION" "$IN_PROJECT" "$FLAT"
  if runs_as_rendered; then
    keep
  else
    INPUT=$RENDERED change "replace" gcloud run services replace - "--region=$REGION" "$IN_PROJECT"
  fi
}

# Clients have certificates, but not yet a Google identity, so everyone may call the Cloud Run service.
ensure_invoker() {
  if [[ $MANIFEST != *"run.googleapis.com/invoker-iam-disabled: 'true'"* ]]; then
    ensure_binding roles/run.invoker allUsers "run services" "$SERVICE" "--region=$REGION" "$IN_PROJECT"
  fi
}
