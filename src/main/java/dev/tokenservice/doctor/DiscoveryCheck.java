package dev.tokenservice.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tokenservice.oauth.Issuer;
import dev.tokenservice.oauth.OAuthException;
import dev.tokenservice.oauth.Paths;
import dev.tokenservice.oauth.ProviderMetadata;
import dev.tokenservice.signing.TokenSigner;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Whether relying parties find the metadata under the issuer, and whether it is that of this configuration. */
final class DiscoveryCheck {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final List<String> OF_SIGNER = List.of("jwks_uri", "id_token_signing_alg_values_supported");

    private final Optional<String> issuer;
    private final Web web;

    DiscoveryCheck(Optional<String> issuer, Web web) {
        this.issuer = issuer;
        this.web = web;
    }

    void run(Optional<TokenSigner> signer, Findings findings) {
        if (issuer.isEmpty()) {
            findings.skip("TOKEN_ISSUER is not set: where it is to be found is not known", Check.DISCOVERY);
            return;
        }
        Issuer configured = new Issuer(issuer.get(), false);
        String url = configured.endpoint(Paths.OPENID_CONFIGURATION);
        try {
            Web.Page page = web.get(url);
            if (page.isOk()) {
                compare(url, page, configured, signer, findings);
            } else {
                findings.fail(Check.DISCOVERY, url + " answers " + page.status(), remedy(page.status(), url));
            }
        } catch (IOException e) {
            findings.fail(Check.DISCOVERY, url + " cannot be reached: " + e, remedy(e, url));
        }
    }

    private static void compare(
            String url, Web.Page page, Issuer issuer, Optional<TokenSigner> signer, Findings findings) {
        JsonNode expected = MAPPER.valueToTree(ProviderMetadata.of(
                issuer,
                signer.flatMap(TokenSigner::jwksUri),
                signer.map(TokenSigner::algorithm).orElse("")));
        JsonNode found = json(page.body());
        if (!found.isObject()) {
            findings.fail(
                    Check.DISCOVERY,
                    url + " is no JSON object",
                    "see that the host name leads to this service, with nothing before it that answers itself: curl -v "
                            + url);
            return;
        }
        List<String> differences = expected.properties().stream()
                .map(Map.Entry::getKey)
                .filter(member -> signer.isPresent() || !OF_SIGNER.contains(member))
                .filter(member -> !expected.path(member).equals(found.path(member)))
                .map(member ->
                        member + " is " + shown(found.path(member)) + " and should be " + shown(expected.path(member)))
                .toList();
        if (differences.isEmpty()) {
            findings.ok(Check.DISCOVERY, url + " is what this configuration publishes");
        } else {
            findings.fail(
                    Check.DISCOVERY,
                    url + " is not what this configuration publishes: " + String.join("; ", differences),
                    "deploy the service with this configuration, TOKEN_ISSUER included, or run doctor with the deployed one");
        }
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode()
                ? "missing"
                : OAuthException.quote(value.isTextual() ? value.textValue() : value.toString());
    }

    private static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            return MAPPER.missingNode();
        }
    }

    private static String remedy(int status, String url) {
        return switch (status) {
            case 401, 403 ->
                "let everybody read it, the service authenticates clients itself: gcloud run services add-iam-policy-binding"
                        + " token-service --member=allUsers --role=roles/run.invoker";
            case 404 ->
                "see that the load balancer's URL map leads every path to the service: gcloud compute url-maps describe token-service";
            case 301, 302, 303, 307, 308 ->
                "TOKEN_ISSUER must be the URL that answers itself: relying parties follow no redirect";
            default -> "see the log of the service and of the load balancer: curl -v " + url;
        };
    }

    private static String remedy(IOException failure, String url) {
        if (Stream.iterate((Throwable) failure, cause -> cause != null, Throwable::getCause)
                .anyMatch(UnknownHostException.class::isInstance)) {
            return "add a DNS record for the host to the address of: gcloud compute addresses describe token-service-ip --global"
                    + " --format='value(address)'";
        }
        if (isTls(failure, url)) {
            return "set clientValidationMode: ALLOW_INVALID_OR_MISSING_CLIENT_CERT in the server TLS policy, as relying parties"
                    + " have no certificate; and see that the certificate fits the host and is active: gcloud compute"
                    + " ssl-certificates describe token-service";
        }
        return "start the service, and see that the address leads to it from here: curl -v " + url;
    }

    /** In TLS 1.3 a client that is refused for want of a certificate may learn of it as late as it writes or reads. */
    private static boolean isTls(IOException failure, String url) {
        boolean connected = !(failure instanceof ConnectException) && !(failure instanceof SocketTimeoutException);
        return failure instanceof SSLException || (url.startsWith("https:") && connected);
    }
}
