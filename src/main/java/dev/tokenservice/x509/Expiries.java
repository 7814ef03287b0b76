package dev.tokenservice.x509;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** When what clients are verified with ends. */
final class Expiries {

    private Expiries() {}

    /** The first end of each kind that somebody must act on: of a list that is fetched, the next one comes by itself. */
    static Map<String, Instant> of(TrustBundle bundle, RevocationLists revoked) {
        Map<String, Instant> expiries = new TreeMap<>();
        put(expiries, "trust_anchor", bundle.roots().stream().map(X509Certificate::getNotAfter));
        put(expiries, "intermediate", bundle.intermediates().stream().map(X509Certificate::getNotAfter));
        put(
                expiries,
                "revocation_list",
                revoked.held().stream()
                        .filter(held -> !held.fetched())
                        .map(held -> held.list().getNextUpdate())
                        .filter(Objects::nonNull));
        return expiries;
    }

    private static void put(Map<String, Instant> expiries, String kind, Stream<Date> ends) {
        ends.min(Date::compareTo).ifPresent(end -> expiries.put(kind, end.toInstant()));
    }
}
