package dev.tokenservice.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tokenservice.doctor.PublicDocuments.Page;
import dev.tokenservice.oauth.Paths;
import dev.tokenservice.oauth.Quoted;
import java.io.IOException;
import java.util.regex.Pattern;

/** Whether relying parties, which have no client certificate, find the metadata and the keys. */
final class RemoteMetadataCheck {

    /** It stands in remedies, which are copied into a shell. */
    private static final Pattern SAFE_URL = Pattern.compile("https?://[A-Za-z0-9._~:/@%?=+&\\[\\]-]{1,500}");

    private final RemoteService service;
    private final RemoteCalls calls;
    private final MetadataRemedies remedies;
    private final Findings findings;
    private final String location;

    RemoteMetadataCheck(RemoteService service, RemoteCalls calls, RemotePlatform platform, Findings findings) {
        this.service = service;
        this.calls = calls;
        this.findings = findings;
        this.location = service.endpoint(Paths.OPENID_CONFIGURATION);
        this.remedies = new MetadataRemedies(platform, location);
    }

    /**
     * Compares what a client without a certificate finds.
     *
     * @param discovery the request of {@link Paths#OPENID_CONFIGURATION}
     * @return the metadata, missing if there is none
     */
    JsonNode run(RemoteCalls.Attempt discovery) {
        JsonNode metadata = discovery(discovery);
        jwks(metadata);
        return metadata;
    }

    private JsonNode discovery(RemoteCalls.Attempt discovery) {
        if (discovery.page().isEmpty()) {
            findings.fail(
                    CheckName.DISCOVERY,
                    location + " cannot be read without a client certificate: " + discovery.failure(),
                    service.encrypted() ? remedies.ofRefusedConnection() : remedies.whoAnswers());
            return MissingNode.getInstance();
        }
        Page page = discovery.page().get();
        if (!page.isOk()) {
            findings.fail(
                    CheckName.DISCOVERY, location + " answers " + page.status(), remedies.ofStatus(page.status()));
            return MissingNode.getInstance();
        }
        JsonNode metadata = page.json();
        if (metadata.path("issuer").asText().isEmpty()) {
            findings.fail(
                    CheckName.DISCOVERY, location + " is not a JSON object with an issuer", remedies.whoAnswers());
            return MissingNode.getInstance();
        }
        compare(metadata);
        return metadata;
    }

    private void compare(JsonNode metadata) {
        String issuer = metadata.path("issuer").asText();
        String tokenEndpoint = metadata.path("token_endpoint").asText();
        String setting = "set TOKEN_ISSUER=" + service.url();
        if (withoutSlash(issuer).equals(withoutSlash(service.url())) && !issuer.equals(service.url())) {
            findings.warn(
                    CheckName.DISCOVERY,
                    "the issuer is " + Quoted.of(issuer) + ", and you said " + service.url()
                            + ": relying parties compare to the letter, slash included",
                    "register the issuer of the document with relying parties, or " + setting);
        } else if (!issuer.equals(service.url())) {
            findings.fail(
                    CheckName.DISCOVERY,
                    "the issuer is " + Quoted.of(issuer) + ", and should be " + service.url(),
                    setting);
        } else if (!tokenEndpoint.equals(service.endpoint(Paths.TOKEN))) {
            findings.fail(
                    CheckName.DISCOVERY,
                    "token_endpoint is " + Quoted.of(tokenEndpoint) + ", and should be "
                            + service.endpoint(Paths.TOKEN),
                    remedies.whoAnswers());
        } else {
            findings.ok(CheckName.DISCOVERY, "the issuer is " + issuer + ", to the letter");
        }
    }

    private void jwks(JsonNode metadata) {
        String uri = metadata.path("jwks_uri").asText();
        if (uri.isEmpty()) {
            findings.skip("the discovery document, which names it, is missing", CheckName.JWKS);
        } else if (!SAFE_URL.matcher(uri).matches()) {
            findings.fail(CheckName.JWKS, "jwks_uri is not an http URL: " + Quoted.of(uri), remedies.whoAnswers());
        } else {
            keys(uri);
        }
    }

    private void keys(String uri) {
        try {
            Page page = uri.startsWith(service.endpoint("/")) ? calls.get(uri) : calls.getElsewhere(uri);
            int keys = page.json().path("keys").size();
            if (page.isOk() && keys > 0) {
                findings.ok(CheckName.JWKS, "keys at " + uri + ": " + keys);
            } else {
                findings.fail(
                        CheckName.JWKS,
                        uri + " answers " + page.status() + " with " + keys + " keys",
                        "check that the service has its signing keys, or that its service account still exists");
            }
        } catch (IOException e) {
            findings.fail(CheckName.JWKS, uri + " cannot be read: " + e.getMessage(), "curl -v '" + uri + "'");
        }
    }

    private static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
}
