package dev.tokenservice.x509;

import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
     * Checks that every certificate is valid at a time.
     *
     * @throws OAuthException {@code invalid_client} when one is not
     */
    static void checkValidity(List<X509Certificate> path, Instant at) {
        for (int i = 0; i < path.size(); i++) {
            Instant start = path.get(i).getNotBefore().toInstant();
            Instant end = path.get(i).getNotAfter().toInstant();
            if (at.isBefore(start)) {
                throw refused(path, i, "is not valid before " + start + ": see that the clocks are right");
            }
            if (at.isAfter(end)) {
                throw refused(
                        path, i, "expired at " + end + ": renew it, and replace it where it is sent or configured");
            }
        }
    }

    /**
     * Checks everything that does not depend on the time.
     *
     * @param path from the client's certificate to the root
     * @throws OAuthException {@code invalid_client} when something in it is not allowed
     */
    static void check(List<X509Certificate> path) {
        PathValidation validation = new PathValidation(path);
        for (int i = path.size() - 1; i >= 0; i--) {
            try {
                validation.process(i);
            } catch (IllegalArgumentException | IllegalStateException e) {
                throw refused(path, i, "has an extension that cannot be read (" + e.getMessage() + "): issue it anew")
                        .withCause(e);
            }
        }
    }

    private void process(int place) {
        X509Certificate certificate = path.get(place);
        boolean root = place == path.size() - 1;
        boolean leaf = place == 0;
        boolean exempt = !leaf && certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
        checkStrength(place, root);
        CriticalExtensions.unprocessed(certificate).ifPresent(unprocessed -> {
            throw refused(
                    path, place, "has " + unprocessed + ", which is not known: issue it without, or not critical");
        });
        if (!exempt) {
            checkNames(place);
        }
        if (!root) {
            policies.narrow(certificate, exempt);
        }
        if (leaf ? policies.isMissing(certificate) : policies.isMissing()) {
            throw refused(
                    path,
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
        Strength.weakness(path.get(place), root).ifPresent(weakness -> {
            throw OAuthException.of(
                            OAuthError.INVALID_CLIENT,
                            "the client certificate, or one of its authorities, is too weak to be trusted")
                    .withDetail(named(path, place) + " has " + weakness + ": issue it anew");
        });
    }

    private void checkNames(int place) {
        if (constraining.isEmpty()) {
            return;
        }
        for (GeneralName name : NameConstraints.names(path.get(place))) {
            for (Constraining above : constraining) {
                above.names().refusal(name).ifPresent(refusal -> {
                    throw refused(
                            path,
                            place,
                            "breaks the name constraints of " + named(path, above.place()) + ": its " + refusal);
                });
            }
        }
    }

    private void checkAuthority(int place, boolean exempt) {
        X509Certificate authority = path.get(place);
        int allowed = authority.getBasicConstraints();
        if (allowed < 0) {
            throw refused(path, place, "is not an authority's (basicConstraints), and issued another one");
        }
        if (!Purpose.allowsIssuing(authority)) {
            throw refused(path, place, "may not sign certificates: its key usage has no keyCertSign");
        }
        if (!Purpose.allowsClients(authority)) {
            throw refused(path, place, "is not meant for clients: its extended key usage has no clientAuth");
        }
        if (!exempt && authoritiesLeft-- == 0) {
            throw refused(
                    path, place, "is one authority too many below the path length that an authority above it allows");
        }
        authoritiesLeft = Math.min(authoritiesLeft, allowed);
    }

    private static OAuthException refused(List<X509Certificate> path, int place, String problem) {
        return OAuthException.of(OAuthError.INVALID_CLIENT, UNTRUSTED).withDetail(named(path, place) + " " + problem);
    }

    /** How messages name a certificate. */
    private static String named(List<X509Certificate> path, int place) {
        String role = place == 0 ? "the client's" : place == path.size() - 1 ? "the root" : "an intermediate";
        return "certificate " + (place + 1) + " of " + path.size() + " (" + role + ", " + Names.subject(path.get(place))
                + ")";
    }
}
