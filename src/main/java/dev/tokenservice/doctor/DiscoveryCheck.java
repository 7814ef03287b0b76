package dev.tokenservice.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tokenservice.oauth.Issuer;
import dev.tokenservice.oauth.Paths;
import dev.tokenservice.oauth.ProviderMetadata;
import dev.tokenservice.oauth.Quoted;
import dev.tokenservice.outbound.RefusedAnswerException;
import dev.tokenservice.signing.TokenSigner;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Whether relying parties find the metadata under the issuer, and whether it is that of this configuration. */
final class DiscoveryCheck {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final List<String> OF_SIGNER = List.of("jwks_uri", "id_token_signing_alg_values_supported");

    private final Optional<String> issuer;
    private final Optional<String> jwksUri;
    private final Optional<String> mtlsTokenEndpoint;
    private final PublicDocuments documents;

    DiscoveryCheck(
            Optional<String> issuer,
            Optional<String> jwksUri,
            Optional<String> mtlsTokenEndpoint,
            PublicDocuments documents) {
        this.issuer = issuer;
        this.jwksUri = jwksUri;
        this.mtlsTokenEndpoint = mtlsTokenEndpoint;
        this.documents = documents;
    }

    void run(Optional<TokenSigner> signer, Findings findings) {
        if (issuer.isEmpty()) {
            findings.skip("TOKEN_ISSUER is not set: the URL of the service is unknown", CheckName.DISCOVERY);
            return;
        }
        Issuer configured = new Issuer(issuer.get(), false);
        String url = configured.endpoint(Paths.OPENID_CONFIGURATION);
        try {
            PublicDocuments.Page page = documents.get(url);
            MetadataRemedies remedies = new MetadataRemedies(RemotePlatform.of(host(url), Optional.of(page)), url);
            if (!page.isOk()) {
                findings.fail(CheckName.DISCOVERY, url + " answers " + page.status(), remedies.ofStatus(page.status()));
            } else if (!page.json().isObject()) {
                findings.fail(CheckName.DISCOVERY, url + " is not a JSON object", remedies.whoAnswers());
            } else {
                compare(url, page.json(), configured, signer, findings);
            }
        } catch (IOException e) {
            findings.fail(CheckName.DISCOVERY, url + " cannot be reached: " + e, remedy(e, url));
        }
    }

    private void compare(String url, JsonNode found, Issuer issuer, Optional<TokenSigner> signer, Findings findings) {
        JsonNode expected = MAPPER.valueToTree(ProviderMetadata.of(
                issuer,
                signer.flatMap(TokenSigner::jwksUri).or(() -> jwksUri),
                signer.map(TokenSigner::algorithms).orElse(List.of()),
                mtlsTokenEndpoint));
        List<String> differences = expected.properties().stream()
                .map(Map.Entry::getKey)
                .filter(member -> signer.isPresent() || !OF_SIGNER.contains(member))
                .filter(member -> !expected.path(member).equals(found.path(member)))
                .map(member ->
                        member + " is " + shown(found.path(member)) + " and should be " + shown(expected.path(member)))
                .toList();
        if (differences.isEmpty()) {
            findings.ok(CheckName.DISCOVERY, url + " matches this configuration");
        } else {
            findings.fail(
                    CheckName.DISCOVERY,
                    url + " does not match this configuration: " + String.join("; ", differences),
                    "deploy the service with this configuration, TOKEN_ISSUER included, or run doctor with the "
                            + "deployed one");
        }
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "missing" : Quoted.of(value.isTextual() ? value.textValue() : value.toString());
    }

    private static String remedy(IOException failure, String url) {
        RemotePlatform platform = RemotePlatform.of(host(url), Optional.empty());
        MetadataRemedies remedies = new MetadataRemedies(platform, url);
        if (failure instanceof RefusedAnswerException) {
            return remedies.whoAnswers();
        }
        if (Stream.iterate((Throwable) failure, cause -> cause != null, Throwable::getCause)
                .anyMatch(UnknownHostException.class::isInstance)) {
            return platform.dnsRecord(host(url));
        }
        if (isTls(failure, url)) {
            return remedies.ofRefusedConnection() + "; and check that the server certificate fits the host";
        }
        return "start the service, and check that its address is reachable from here: curl -v " + url;
    }

    /** A valid issuer has one. */
    private static String host(String url) {
        return Objects.requireNonNull(URI.create(url).getHost());
    }

    /** In TLS 1.3 a client that is refused for want of a certificate may learn of it as late as it writes or reads. */
    private static boolean isTls(IOException failure, String url) {
        boolean connected = !(failure instanceof ConnectException) && !(failure instanceof SocketTimeoutException);
        return failure instanceof SSLException || (url.startsWith("https:") && connected);
    }
}
