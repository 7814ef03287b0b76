package dev.tokenservice.x509;

import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * Validates one path, RFC 5280 section 6.1: all but signatures and the chain of names, which made it a path. A refusal names the
 * certificate, counted from the client's, the check, and the remedy.
 *
 * <p>What a root says of itself binds those below it, too (RFC 5937).
 */
final class PathValidation {

    private static final String UNTRUSTED = "the client certificate was not issued by a trusted authority";

    private final List<X509Certificate> path;
    private final Policies policies;

    /** Of the authorities above, each with its place in the path. */
    private final List<Constraining> constraining = new ArrayList<>();

    private int authoritiesLeft = Integer.MAX_VALUE;

    private record Constraining(int place, NameConstraints names) {}

    private PathValidation(List<X509Certificate> path) {
        this.path = path;
        this.policies = new Policies(path.size() - 1);
    }

    /**
     * Checks that every authority's certificate is valid at a time.
     *
     * @throws RefusedException {@code invalid_client} when one is not
     */
    static void checkValidity(List<X509Certificate> path, Instant at) {
        for (int i = 1; i < path.size(); i++) {
            Instant start = path.get(i).getNotBefore().toInstant();
            Instant end = path.get(i).getNotAfter().toInstant();
            if (at.isBefore(start)) {
                throw refusal(ReasonCode.NOT_YET_VALID, path, i, "is not valid before " + start + ": check the clocks")
                        .exception();
            }
            if (at.isAfter(end)) {
                throw refusal(
                                ReasonCode.EXPIRED,
                                path,
                                i,
                                "expired at " + end + ": renew it, and replace it where it is sent or configured")
                        .exception();
            }
        }
    }

    /**
     * Checks everything that does not depend on the time.
     *
     * @param path from the client's certificate to the root
     * @throws RefusedException {@code invalid_client} when something in it is not allowed
     */
    static void check(List<X509Certificate> path) {
        PathValidation validation = new PathValidation(path);
        for (int i = path.size() - 1; i >= 0; i--) {
            try {
                validation.process(i);
            } catch (RefusedException e) {
                throw e;
            } catch (RuntimeException e) {
                // Parsers of extensions throw whatever a stranger's bytes lead them to; another path may do without.
                throw refusal(
                                ReasonCode.CONSTRAINT,
                                path,
                                i,
                                "has an extension that cannot be read (" + e.getMessage() + "): issue a new one")
                        .cause(e)
                        .exception();
            }
        }
    }

    private void process(int place) {
        X509Certificate certificate = path.get(place);
        boolean root = place == path.size() - 1;
        boolean leaf = place == 0;
        // An anchor is not counted in the path (RFC 5280 section 6.1), be it self-issued or not.
        boolean exempt =
                !leaf && (root || certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()));
        checkStrength(place, root);
        Optional<String> unprocessed = CriticalExtensions.unprocessed(certificate);
        if (unprocessed.isPresent()) {
            throw breach(
                    place,
                    "has " + unprocessed.get() + ", which is unknown: issue it without this "
                            + "extension, or with the extension not critical");
        }
        if (!exempt) {
            checkNames(place);
        }
        if (!root) {
            policies.narrow(certificate, exempt);
        }
        if (leaf ? policies.isMissing(certificate) : policies.isMissing()) {
            throw breach(
                    place,
                    "has no policy that is valid along the path, while an authority requires one "
                            + "(policyConstraints): issue it with a policy of its authority");
        }
        if (!leaf) {
            checkAuthority(place, exempt);
            policies.restrict(certificate, exempt);
            NameConstraints.of(certificate).ifPresent(names -> constraining.add(new Constraining(place, names)));
        }
    }

    private void checkStrength(int place, boolean root) {
        Optional<String> weakness = Strength.weakness(path.get(place), root);
        if (weakness.isPresent()) {
            throw Refusal.because(
                            ReasonCode.WEAK,
                            "the client certificate, or one of its authorities, is too weak to be trusted")
                    .detail(named(path, place) + " has " + weakness.get() + ": issue a new one")
                    .exception();
        }
    }

    private void checkNames(int place) {
        if (constraining.isEmpty()) {
            return;
        }
        for (GeneralName name : CertificateNames.all(path.get(place))) {
            for (Constraining above : constraining) {
                Optional<String> breach = above.names().refusal(name);
                if (breach.isPresent()) {
                    throw breach(
                            place,
                            "breaks the name constraints of " + named(path, above.place()) + ": its " + breach.get());
                }
            }
        }
    }

    private void checkAuthority(int place, boolean exempt) {
        X509Certificate authority = path.get(place);
        int allowed = authority.getBasicConstraints();
        if (allowed < 0) {
            throw breach(place, "is not the certificate of an authority (basicConstraints), but issued another one");
        }
        if (!Purpose.allowsIssuing(authority)) {
            throw breach(place, "may not sign certificates: its key usage has no keyCertSign");
        }
        if (!Purpose.allowsClients(authority)) {
            throw refusal(
                            ReasonCode.WRONG_PURPOSE,
                            path,
                            place,
                            "is not meant for clients: its extended key usage has no clientAuth")
                    .exception();
        }
        if (!exempt && authoritiesLeft-- == 0) {
            throw breach(place, "exceeds the path length that an authority above it allows");
        }
        authoritiesLeft = Math.min(authoritiesLeft, allowed);
    }

    private RefusedException breach(int place, String problem) {
        return refusal(ReasonCode.CONSTRAINT, path, place, problem).exception();
    }

    private static Refusal.Builder refusal(ReasonCode reason, List<X509Certificate> path, int place, String problem) {
        return Refusal.because(reason, UNTRUSTED).detail(named(path, place) + " " + problem);
    }

    /** How messages name a certificate. */
    private static String named(List<X509Certificate> path, int place) {
        String role = place == 0 ? "the client's" : place == path.size() - 1 ? "the root" : "an intermediate";
        return "certificate " + (place + 1) + " of " + path.size() + " (" + role + ", "
                + QuotedName.subject(path.get(place)) + ")";
    }
}
