package dev.tokenservice.x509;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.oauth.RefusedException;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;

/**
 * The JDK and Bouncy Castle validate the same chains: what one of them refuses is never accepted here, and what only this
 * service refuses breaks a rule that has a name.
 */
class PathDifferentialTest {

    private static final int CHAINS = Integer.getInteger("differential.chains", 300);
    private static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();
    private static final long SEED = Long.getLong("differential.seed", 5280);

    /** By what the refusal says: where the service is stricter than the two. */
    private static final Map<String, String> RULES = Map.of(
            "its extended key usage \\(RFC 5280 section 4.2.1.12\\) excludes it: .*",
            "RFC 5280 section 4.2.1.12: a client's certificate has to be for clients",
            "its key usage \\(RFC 5280 section 4.2.1.3\\) excludes it: .*",
            "RFC 5280 section 4.2.1.3: its key has to be for signatures or key agreement",
            "it is the certificate of an authority .*",
            "X509-SVID sections 4.3 and 5.2: an authority is no client",
            ".*\\(an intermediate, .*\\) is not meant for clients: .*",
            "purposes of an authority bind those below it, as in CA/Browser Forum requirements section 7.1.5",
            ".*: its DNS name '\\*\\.corp\\.example' is among the excluded names: .*",
            "RFC 6125 section 6.4.3: a wildcard stands for an excluded host, too");

    private static final String OF_A_ROOT = "RFC 5937 section 3: what a root says of itself binds those below it";

    private final Instant now = Instant.parse("2026-11-01T12:00:00Z");

    @Test
    void verdicts_areThoseOfOtherValidatorsOrStricter() throws GeneralSecurityException {
        RandomChains chains = new RandomChains(SEED, now);
        Set<String> rules = new HashSet<>();
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < CHAINS; i++) {
            List<X509Certificate> chain = chains.next();
            Optional<String> refusal = ours(chain);
            List<String> theirs = theirs(chain);
            if (refusal.isEmpty()) {
                assertThat(theirs)
                        .as("chain %d of seed %d is accepted", i, SEED)
                        .isEmpty();
                accepted++;
            } else if (theirs.isEmpty()) {
                rules.add(rule(chain, refusal.get()));
            } else {
                refused++;
            }
        }

        assertThat(rules).contains(OF_A_ROOT).hasSizeGreaterThan(2);
        assertThat(accepted).isGreaterThan(CHAINS / 3);
        assertThat(refused).isGreaterThan(CHAINS / 5);
    }

    private static String rule(List<X509Certificate> chain, String refusal) {
        Optional<String> rule = RULES.keySet().stream()
                .filter(refusal::matches)
                .findFirst()
                .map(RULES::get)
                .or(() ->
                        RandomChains.isPlain(chain.get(chain.size() - 1)) ? Optional.empty() : Optional.of(OF_A_ROOT));
        assertThat(rule)
                .as("the others accept what is refused with: " + refusal)
                .isPresent();
        return rule.orElseThrow();
    }

    private Optional<String> ours(List<X509Certificate> chain) {
        int root = chain.size() - 1;
        CertificateVerifier verifier = new CertificateVerifier(
                new TrustBundle(List.of(chain.get(root)), List.of()),
                RevocationLists.NONE,
                Clock.fixed(now, ZoneOffset.UTC));
        try {
            verifier.verify(chain.subList(0, root));
            return Optional.empty();
        } catch (RefusedException e) {
            return Optional.of(e.refusal().detail().orElse(e.refusal().description()));
        }
    }

    /** Why the others refuse it. */
    private List<String> theirs(List<X509Certificate> chain) throws GeneralSecurityException {
        int root = chain.size() - 1;
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(chain.get(root), null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(now));
        return List.of(CertPathValidator.getInstance("PKIX"), CertPathValidator.getInstance("PKIX", BOUNCY_CASTLE))
                .stream()
                .flatMap(validator -> refusal(validator, parameters, chain.subList(0, root)).stream())
                .toList();
    }

    private static Optional<String> refusal(
            CertPathValidator validator, PKIXParameters parameters, List<X509Certificate> chain) {
        try {
            validator.validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
            return Optional.empty();
        } catch (CertPathValidatorException e) {
            return isBeyondTheJdk(validator, chain, e)
                    ? Optional.empty()
                    : Optional.of(validator.getProvider().getName() + ": " + e.getMessage());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (RuntimeException e) {
            // The JDK fails where authorities above one another permit different kinds of names: no verdict.
            return Optional.empty();
        }
    }

    /** Or it refuses every name, as RareFormsTest shows. */
    private static boolean isBeyondTheJdk(
            CertPathValidator validator, List<X509Certificate> chain, CertPathValidatorException failure) {
        return !validator.getProvider().equals(BOUNCY_CASTLE)
                && "name constraints check failed".equals(failure.getMessage())
                && chain.stream()
                                .skip(1)
                                .flatMap(authority -> NameConstraints.of(authority).stream())
                                .filter(constraints -> !constraints.permitted().isEmpty())
                                .count()
                        > 1;
    }
}
