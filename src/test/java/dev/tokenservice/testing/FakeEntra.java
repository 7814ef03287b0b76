package dev.tokenservice.testing;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.tokenservice.testing.TrustedIssuer.NotAccepted;
import java.net.URI;
import java.util.List;
import java.util.Set;

/** One federated credential of Microsoft Entra: RS256 only, and issuer, subject and audience match to the letter. */
public final class FakeEntra {

    private static final int LONGEST = 600;

    private final TrustedIssuer issuer;
    private final String subject;
    private final String audience;

    /**
     * Creates the credential.
     *
     * @param address where the issuer is found in this test
     */
    public FakeEntra(String issuer, URI address, String subject, String audience) {
        for (String value : List.of(issuer, subject, audience)) {
            if (value.length() > LONGEST || !value.equals(value.strip())) {
                throw new IllegalArgumentException("a federated credential cannot have " + value);
            }
        }
        this.issuer = new TrustedIssuer(issuer, address);
        this.subject = subject;
        this.audience = audience;
    }

    /** Takes a client assertion; returns why not, or nothing. */
    public String refuses(String assertion) {
        try {
            JWTClaimsSet claims = issuer.verified(assertion, Set.of("RS256"));
            TrustedIssuer.check(
                    subject.equals(claims.getSubject()), "AADSTS700213: no matching credential for the subject");
            TrustedIssuer.check(claims.getAudience().equals(List.of(audience)), "AADSTS700212: wrong audience");
            return "";
        } catch (NotAccepted e) {
            return String.valueOf(e.getMessage());
        }
    }
}
