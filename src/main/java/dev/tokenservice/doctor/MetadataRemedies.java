package dev.tokenservice.doctor;

/**
 * What to do where the metadata cannot be read.
 *
 * @param platform where the service seems to run
 * @param location the URL of the metadata
 */
record MetadataRemedies(RemotePlatform platform, String location) {

    /** For an answer with another status than 200. */
    String ofStatus(int status) {
        return switch (status) {
            case 401, 403 ->
                platform.choose(
                        "let everyone call the service, which authenticates clients itself: gcloud run services"
                                + " add-iam-policy-binding token-service --member=allUsers --role=roles/run.invoker",
                        "let everyone read it, because relying parties have no credentials: remove the authentication in front"
                                + " of it");
            case 404 ->
                platform.choose(
                        "check that the URL map routes every path to the service: gcloud compute url-maps describe token-service",
                        "check that the proxy routes every path to the service");
            case 301, 302, 303, 307, 308 ->
                "have it answer without a redirect, because relying parties follow none: curl -v " + location;
            case 502, 503, 504 ->
                platform.choose(
                        "check that the service runs, and its log: gcloud run services describe token-service",
                        "check that the service runs and that the proxy reaches it; read both logs");
            default -> whoAnswers();
        };
    }

    /** For a server that insists on a certificate: it closes the connection, in the handshake or after it. */
    String ofRefusedConnection() {
        return platform.choose(
                "set clientValidationMode: ALLOW_INVALID_OR_MISSING_CLIENT_CERT in the server TLS policy: gcloud"
                        + " network-security server-tls-policies describe token-service-mtls --location=global",
                "let clients without a certificate connect, because relying parties have none: request the client"
                        + " certificate, but do not require it (nginx: ssl_verify_client optional; HAProxy: verify"
                        + " optional); on Google Cloud: ALLOW_INVALID_OR_MISSING_CLIENT_CERT in the server TLS policy");
    }

    /** For an answer that is not the metadata. */
    String whoAnswers() {
        return "find out who answers there: curl -v " + location;
    }
}
