package dev.tokenservice.x509;

import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The way from a client's certificate to a root of the trust bundle. One valid path is enough (RFC 5280 section 6.1), and every
 * one is looked at until then: those with the fewest certificates first, and then in the order of {@link IssuerSearch}, so that
 * the same certificates always have the same answer.
 */
final class CertificationPath {

    private static final int MAX_PRESENTED = 8;
    private static final int MAX_INTERMEDIATES = 4;
    private static final int MAX_PATHS = 64;

    private final TrustBundle bundle;
    private final List<X509Certificate> intermediates;
    private final Instant at;
    private final IssuerSearch search = new IssuerSearch();
    private final Deque<List<X509Certificate>> open = new ArrayDeque<>();

    /** Why the first path that is out of date is refused: renewing a certificate is all that it needs. */
    private @Nullable Refusal outOfDate;

    /** Why the first path that breaks a rule is refused. */
    private @Nullable Refusal broken;

    private int validated;

    private CertificationPath(TrustBundle bundle, List<X509Certificate> presented, Instant at) {
        this.bundle = bundle;
        this.at = at;
        this.intermediates = Stream.concat(presented.stream().skip(1), bundle.intermediates().stream())
                .distinct()
                .filter(candidate -> !bundle.roots().contains(candidate))
                .toList();
        this.open.add(List.of(presented.get(0)));
    }

    /**
     * Finds a path, and validates it.
     *
     * @param presented the client's certificate, and after it what came along, in any order
     * @return from the client's certificate to the root
     * @throws RefusedException {@code invalid_client} when there is none
     */
    static List<X509Certificate> find(TrustBundle bundle, List<X509Certificate> presented, Instant at) {
        if (presented.size() > MAX_PRESENTED) {
            throw Refusal.because(ReasonCode.UNTRUSTED, "the chain of the client certificate is too long")
                    .detail("more than " + MAX_PRESENTED + " certificates came with the request")
                    .exception();
        }
        try {
            return new CertificationPath(bundle, presented, at).find();
        } catch (RefusedException e) {
            throw e;
        } catch (RuntimeException e) {
            // Certificates are parsed by three libraries, and what a stranger writes is the reason for all that they
            // throw.
            throw untrusted("a certificate of the chain cannot be processed: issue a new one")
                    .cause(e)
                    .exception();
        }
    }

    private List<X509Certificate> find() {
        List<X509Certificate> longest = open.element();
        while (!open.isEmpty() && validated < MAX_PATHS) {
            longest = open.remove();
            X509Certificate last = longest.get(longest.size() - 1);
            for (X509Certificate root : search.issuers(last, bundle.roots())) {
                Optional<List<X509Certificate>> valid = validated(extended(longest, root));
                if (valid.isPresent()) {
                    return valid.get();
                }
            }
            for (X509Certificate issuer : search.issuers(last, intermediates)) {
                extend(longest, issuer);
            }
        }
        throw new RefusedException(refusal(longest));
    }

    private void extend(List<X509Certificate> path, X509Certificate issuer) {
        if (path.size() <= MAX_INTERMEDIATES
                && path.stream().noneMatch(passed -> isSameAuthority(passed, issuer))
                && open.size() < MAX_PATHS) {
            open.add(extended(path, issuer));
        }
    }

    private static boolean isSameAuthority(X509Certificate one, X509Certificate other) {
        return one.getSubjectX500Principal().equals(other.getSubjectX500Principal())
                && one.getPublicKey().equals(other.getPublicKey());
    }

    private static List<X509Certificate> extended(List<X509Certificate> path, X509Certificate next) {
        List<X509Certificate> longer = new ArrayList<>(path);
        longer.add(next);
        return List.copyOf(longer);
    }

    private Optional<List<X509Certificate>> validated(List<X509Certificate> path) {
        validated++;
        try {
            PathValidation.check(path);
        } catch (RefusedException e) {
            broken = broken == null ? e.refusal() : broken;
            return Optional.empty();
        }
        try {
            PathValidation.checkValidity(path, at);
            return Optional.of(path);
        } catch (RefusedException e) {
            outOfDate = outOfDate == null ? e.refusal() : outOfDate;
            return Optional.empty();
        }
    }

    private Refusal refusal(List<X509Certificate> longest) {
        if (search.isExhausted() || validated >= MAX_PATHS) {
            return untrusted("there are too many possible chains: more than " + IssuerSearch.MAX_SIGNATURES
                            + " signatures or " + MAX_PATHS + " paths; send only the certificates of one chain")
                    .build();
        }
        Refusal first = outOfDate == null ? broken : outOfDate;
        if (first != null) {
            return first;
        }
        String last = QuotedName.issuer(longest.get(longest.size() - 1));
        if (longest.size() > MAX_INTERMEDIATES) {
            return untrusted("no root of MTLS_TRUST_BUNDLE within " + MAX_INTERMEDIATES + " intermediate certificates: "
                            + last + " issued the last of them")
                    .build();
        }
        return untrusted("no valid chain from " + last
                        + (search.metNamesakes()
                                ? " to a root of MTLS_TRUST_BUNDLE: a certificate of that name has another key; "
                                : " to a root of MTLS_TRUST_BUNDLE: ")
                        + "send the intermediate certificates, or add the root")
                .build();
    }

    private static Refusal.Builder untrusted(String detail) {
        return Refusal.because(ReasonCode.UNTRUSTED, "the client certificate was not issued by a trusted authority")
                .detail(detail);
    }
}
