package dev.tokenservice.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenservice.doctor.PublicDocuments.Page;
import dev.tokenservice.oauth.Paths;
import dev.tokenservice.oauth.Quoted;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** Whether a client gets a token with its certificate, and what the token says. */
final class RemoteTokenCheck {

    /** Twelve hours, the longest that there can be, and a minute for clocks. */
    private static final Duration LONGEST = Duration.ofHours(12).plusMinutes(1);

    private static final int LONGEST_TEXT = 300;
    private static final String CLOCKS = "set the clocks of this machine and of the service: date -u";

    private final RemoteService service;
    private final RemoteCalls calls;
    private final ClientFiles files;
    private final TokenRemedies remedies;
    private final Clock clock;
    private final Findings findings;
    private final String endpoint;

    RemoteTokenCheck(
            RemoteService service,
            RemoteCalls calls,
            ClientFiles files,
            TokenRemedies remedies,
            Clock clock,
            Findings findings) {
        this.service = service;
        this.calls = calls;
        this.files = files;
        this.remedies = remedies;
        this.clock = clock;
        this.findings = findings;
        this.endpoint = service.endpoint(Paths.TOKEN);
    }

    /** Asks for a token, and compares it with the metadata, which may be missing. */
    void run(JsonNode metadata) {
        if (files.identity().isEmpty()) {
            findings.skip("--cert and --key are not given", CheckName.TOKEN, CheckName.TOKEN_CLAIMS);
            return;
        }
        X509Certificate own = files.identity().get().chain().get(0);
        try {
            Page page = calls.tokenWithCertificate(endpoint, Map.of());
            JsonNode answer = page.json();
            JsonNode claims = IssuedToken.claims(answer.path("id_token").asText());
            if (page.isOk() && claims.isObject()) {
                findings.ok(CheckName.TOKEN, "with the certificate " + endpoint + " answers 200 with a token");
                compare(claims, metadata);
                return;
            }
            String reason = answer.path("error_description").asText("no description");
            findings.fail(
                    CheckName.TOKEN,
                    "with the certificate " + endpoint + " answers " + page.status() + " "
                            + Quoted.bare(answer.path("error").asText(), LONGEST_TEXT) + ": "
                            + Quoted.bare(reason, LONGEST_TEXT),
                    remedies.of(page.status(), reason, own, clock.instant()));
        } catch (IOException e) {
            findings.fail(
                    CheckName.TOKEN,
                    "with the certificate there is no answer: " + e.getMessage(),
                    "check that --cert and --key belong together, and that the server trusts the authority "
                            + Quoted.bare(own.getIssuerX500Principal().getName(), LONGEST_TEXT));
        }
        findings.skip("there is no token", CheckName.TOKEN_CLAIMS);
    }

    private void compare(JsonNode claims, JsonNode metadata) {
        String issuer = claims.path("iss").asText();
        if (!claims.path("exp").isIntegralNumber()) {
            findings.fail(
                    CheckName.TOKEN_CLAIMS,
                    "iss " + Quoted.of(issuer) + ": exp is not a whole number of seconds",
                    "find out who answers there: curl -v " + endpoint);
            return;
        }
        long left = claims.path("exp").asLong() - clock.instant().getEpochSecond();
        String evidence = "iss " + Quoted.of(issuer) + ", aud "
                + Quoted.of(claims.path("aud").asText()) + ", sub "
                + Quoted.of(claims.path("sub").asText()) + ", expires in " + left + " s";
        if (!issuer.equals(metadata.path("issuer").asText())) {
            findings.fail(
                    CheckName.TOKEN_CLAIMS,
                    evidence + ": the issuer is not that of the discovery document",
                    "set TOKEN_ISSUER=" + service.url());
        } else if (left <= 0) {
            findings.fail(CheckName.TOKEN_CLAIMS, evidence + ": it has expired already", CLOCKS);
        } else if (left > LONGEST.toSeconds()) {
            findings.warn(CheckName.TOKEN_CLAIMS, evidence + ": longer than the 12 hours that are possible", CLOCKS);
        } else {
            findings.ok(CheckName.TOKEN_CLAIMS, evidence);
        }
    }
}
