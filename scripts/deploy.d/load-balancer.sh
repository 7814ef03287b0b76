# The step load-balancer: from the public address to the Cloud Run service, and the workload identity provider.
# shellcheck shell=bash disable=SC2034  # Other parts read these variables.

step_load_balancer() {
  ensure_services compute.googleapis.com certificatemanager.googleapis.com networksecurity.googleapis.com
  ensure_address
  ensure_certificate
  ensure_backend
  ensure_endpoint_group
  ensure_backend_group
  ensure_url_map
  ensure_ssl_policy
  ensure_https_proxy
  ensure_forwarding_rule
  ensure_provider
}

ensure_address() {
  local COMMAND AFTER
  TASK="the address $ADDRESS"
  look gcloud compute addresses describe "$ADDRESS" --global "$IN_PROJECT" "$FLAT"
  if absent; then
    change "reserve" gcloud compute addresses create "$ADDRESS" --global "$IN_PROJECT"
  else
    keep
  fi
  if $DRY_RUN; then
    lookup_command address
    print_command "${COMMAND[@]}"
  else
    know address
    note dns "$FQDN. A ${KNOWN[address]}: add this record to your public DNS zone"
  fi
}

ensure_certificate() {
  TASK="the certificate $CERTIFICATE for $FQDN"
  look gcloud compute ssl-certificates describe "$CERTIFICATE" --global "$IN_PROJECT" "$FLAT"
  if absent; then
    change "create" gcloud compute ssl-certificates create "$CERTIFICATE" "--domains=$FQDN" --global "$IN_PROJECT"
  elif [[ $'\n'$FOUND$'\n' == *": $FQDN"$'\n'* ]]; then
    keep
  else
    refuse "it is for another name, and a certificate cannot be changed" \
      "create another one with --certificate=$CERTIFICATE-2, or name one that you have"
  fi
}

ensure_backend() {
  TASK="the backend service $BACKEND"
  look gcloud compute backend-services describe "$BACKEND" --global "$IN_PROJECT" "$FLAT"
  if absent; then
    change "create" gcloud compute backend-services create "$BACKEND" "--load-balancing-scheme=$SCHEME" --global "$IN_PROJECT"
  elif ! has "loadBalancingScheme: $SCHEME"; then
    refuse "its load balancing scheme is not $SCHEME, and this script cannot change it" \
      "keep it: --load-balancing-scheme=EXTERNAL (a classic load balancer) or EXTERNAL_MANAGED"
  else
    keep
  fi
}

ensure_endpoint_group() {
  TASK="the network endpoint group $SERVICE in $REGION"
  look gcloud compute network-endpoint-groups describe "$SERVICE" "--region=$REGION" "$IN_PROJECT" "$FLAT"
  if absent; then
    change "create" gcloud compute network-endpoint-groups create "$SERVICE" "--region=$REGION" \
      --network-endpoint-type=serverless "--cloud-run-service=$SERVICE" "$IN_PROJECT"
  elif ! has "cloudRun.service: $SERVICE"; then
    refuse "it belongs to another Cloud Run service than $SERVICE, and cannot be changed" \
      "delete it: gcloud compute network-endpoint-groups delete $SERVICE --region=$REGION $IN_PROJECT"
  else
    keep
  fi
}

ensure_backend_group() {
  TASK="the network endpoint group in the backend service $BACKEND"
  look gcloud compute backend-services describe "$BACKEND" --global "$IN_PROJECT" "$FLAT"
  if refers 'backends[' "regions/$REGION/networkEndpointGroups/$SERVICE"; then
    keep
  else
    change "add" gcloud compute backend-services add-backend "$BACKEND" --global \
      "--network-endpoint-group=$SERVICE" "--network-endpoint-group-region=$REGION" "$IN_PROJECT"
  fi
}

ensure_url_map() {
  TASK="the URL map $SERVICE"
  look gcloud compute url-maps describe "$SERVICE" --global "$IN_PROJECT" "$FLAT"
  if absent; then
    change "create" gcloud compute url-maps create "$SERVICE" "--default-service=$BACKEND" --global "$IN_PROJECT"
  elif ! refers defaultService "global/backendServices/$BACKEND"; then
    change "update" gcloud compute url-maps set-default-service "$SERVICE" "--default-service=$BACKEND" --global "$IN_PROJECT"
  else
    keep
  fi
}

# Without a policy, the load balancer also accepts TLS 1.0.
ensure_ssl_policy() {
  local policy=("$SERVICE" --profile=MODERN --min-tls-version=1.2 --global "$IN_PROJECT")
  TASK="the SSL policy $SERVICE"
  look gcloud compute ssl-policies describe "$SERVICE" --global "$IN_PROJECT" "$FLAT"
  if absent; then
    change "create" gcloud compute ssl-policies create "${policy[@]}"
  elif ! has "profile: MODERN" "minTlsVersion: TLS_1_2"; then
    change "update" gcloud compute ssl-policies update "${policy[@]}"
  else
    keep
  fi
}

ensure_https_proxy() {
  local settings=("--ssl-certificates=$CERTIFICATE" "--ssl-policy=$SERVICE" "--url-map=$SERVICE" --global "$IN_PROJECT")
  TASK="the HTTPS proxy $HTTPS_PROXY_NAME"
  look gcloud compute target-https-proxies describe "$HTTPS_PROXY_NAME" --global "$IN_PROJECT" "$FLAT"
  if absent; then
    change "create" gcloud compute target-https-proxies create "$HTTPS_PROXY_NAME" "${settings[@]}"
  elif ! refers urlMap "global/urlMaps/$SERVICE" || ! refers sslPolicy "global/sslPolicies/$SERVICE" ||
    ! refers 'sslCertificates[' "global/sslCertificates/$CERTIFICATE"; then
    change "update" gcloud compute target-https-proxies update "$HTTPS_PROXY_NAME" "${settings[@]}"
  else
    keep
  fi
}

ensure_forwarding_rule() {
  local target=("--target-https-proxy=$HTTPS_PROXY_NAME" --global "$IN_PROJECT")
  TASK="the forwarding rule $FORWARDING_RULE"
  look gcloud compute forwarding-rules describe "$FORWARDING_RULE" --global "$IN_PROJECT" "$FLAT"
  if absent; then
    change "create" gcloud compute forwarding-rules create "$FORWARDING_RULE" "--load-balancing-scheme=$SCHEME" \
      "--address=$ADDRESS" --ports=443 "${target[@]}"
  elif ! has "IPAddress: ${KNOWN[address]}" "loadBalancingScheme: $SCHEME"; then
    refuse "it has another address than $ADDRESS, or another load balancing scheme than $SCHEME; neither can be changed" \
      "delete it, which takes the service offline until the next run: gcloud compute forwarding-rules delete $FORWARDING_RULE --global $IN_PROJECT"
  elif ! refers target "global/targetHttpsProxies/$HTTPS_PROXY_NAME"; then
    change "update" gcloud compute forwarding-rules set-target "$FORWARDING_RULE" "${target[@]}"
  else
    keep
  fi
}

# Has no spaces, because gcloud would add them to the names.
attribute_mapping() {
  local attribute
  printf 'google.subject=assertion.client_id'
  for attribute in x5_spiffe x5_dnssan x5_urisan x5_sha256 x5_serial; do
    printf ',attribute.client_%s=assertion.client.%s' "$attribute" "$attribute"
  done
}

ensure_provider() {
  local provider=("$SERVICE" --location=global "--workload-identity-pool=$POOL" "$IN_PROJECT")
  local mapping lines
  mapping=$(attribute_mapping)
  # The issuer must be exactly TOKEN_ISSUER of the manifest.
  local settings=("--issuer-uri=https://$FQDN" "--attribute-mapping=$mapping")
  TASK="the workload identity provider $SERVICE"
  look gcloud iam workload-identity-pools providers describe "${provider[@]}" "$FLAT"
  refuse_disabled "gcloud iam workload-identity-pools providers update-oidc ${provider[*]} --no-disabled"
  if absent; then
    change "create" gcloud iam workload-identity-pools providers create-oidc "${provider[@]}" "${settings[@]}"
    return
  fi
  if has "state: DELETED"; then
    change "undelete" gcloud iam workload-identity-pools providers undelete "${provider[@]}"
  fi
  mapfile -t lines < <(tr ',' '\n' <<<"$mapping" | sed 's/^/attributeMapping./; s/=/: /')
  if ! has "oidc.issuerUri: https://$FQDN" || ! has_only attributeMapping. "${lines[@]}"; then
    change "update" gcloud iam workload-identity-pools providers update-oidc "${provider[@]}" "${settings[@]}"
  else
    keep
  fi
}
