package dev.tokenservice.policy;

import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import javax.security.auth.x500.X500Principal;

/**
 * Finds the authorities at which a certification path can end, by the names of their certificates. A certificate of the trust
 * bundle issued one of the certificates in the request. So an authority without one of these issuer names cannot match.
 */
final class AuthorityIndex {

    private final List<Trusted> authorities;

    /** The indexes of authorities, by the subject of their certificates. */
    private final Map<X500Principal, TreeSet<Integer>> places = new HashMap<>();

    AuthorityIndex(List<Trusted> authorities) {
        this.authorities = authorities;
        for (int i = 0; i < authorities.size(); i++) {
            for (X509Certificate certificate : authorities.get(i).offered()) {
                places.computeIfAbsent(certificate.getSubjectX500Principal(), name -> new TreeSet<>())
                        .add(i);
            }
        }
    }

    /** Returns the authorities that can vouch for a certificate, in the order of the policy. */
    List<Trusted> candidates(List<X509Certificate> presented) {
        TreeSet<Integer> found = new TreeSet<>();
        presented.forEach(certificate ->
                found.addAll(places.getOrDefault(certificate.getIssuerX500Principal(), new TreeSet<>())));
        return found.stream().map(authorities::get).toList();
    }
}
