package dev.tokenservice.x509;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.PolicyConstraints;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.jspecify.annotations.Nullable;

/**
 * The certificate policies along a path, RFC 5280 sections 6.1.2 to 6.1.5, where every policy is acceptable: then it matters only
 * whether one is valid all along, and the lowest level of the tree tells.
 */
final class Policies {

    private static final String ANY = "2.5.29.32.0";

    /** The valid policies of the level, and what each is called in the next one. */
    private Map<String, Set<String>> valid = Map.of(ANY, Set.of(ANY));

    private int explicit;
    private int mapping;
    private int inhibitAny;

    /** Takes the number of certificates below the root. */
    Policies(int length) {
        this.explicit = length + 1;
        this.mapping = length + 1;
        this.inhibitAny = length + 1;
    }

    /**
     * Goes on to a certificate below the last one.
     *
     * @param exempt whether it is an authority's that issued it to itself: then limits on the length do not count it
     */
    void narrow(X509Certificate certificate, boolean exempt) {
        Set<String> named = named(certificate);
        Map<String, Set<String>> level = new HashMap<>();
        Set<String> expected = new HashSet<>();
        valid.values().forEach(expected::addAll);
        for (String policy : named) {
            if (!policy.equals(ANY) && (expected.contains(policy) || valid.containsKey(ANY))) {
                level.put(policy, Set.of(policy));
            }
        }
        if (named.contains(ANY) && (inhibitAny > 0 || exempt)) {
            expected.forEach(policy -> level.putIfAbsent(policy, Set.of(policy)));
        }
        valid = level;
    }

    /** What an authority demands of those below it. */
    void restrict(X509Certificate authority, boolean exempt) {
        map(authority);
        if (!exempt) {
            explicit = Math.max(0, explicit - 1);
            mapping = Math.max(0, mapping - 1);
            inhibitAny = Math.max(0, inhibitAny - 1);
        }
        constraints(authority).ifPresent(constraints -> {
            explicit = lower(explicit, constraints.getRequireExplicitPolicyMapping());
            mapping = lower(mapping, constraints.getInhibitPolicyMapping());
        });
        inhibitAny = Extensions.value(authority, Extension.inhibitAnyPolicy)
                .map(value -> lower(inhibitAny, ASN1Integer.getInstance(value).getValue()))
                .orElse(inhibitAny);
    }

    /** Returns whether a policy must be valid at the last certificate that was looked at, and none is. */
    boolean isMissing() {
        return explicit == 0 && valid.isEmpty();
    }

    /** The same at the end of the path, where the client's certificate may demand a policy itself. */
    boolean isMissing(X509Certificate leaf) {
        explicit = Math.max(0, explicit - 1);
        constraints(leaf)
                .map(PolicyConstraints::getRequireExplicitPolicyMapping)
                .filter(BigInteger.ZERO::equals)
                .ifPresent(zero -> explicit = 0);
        return isMissing();
    }

    private void map(X509Certificate authority) {
        Map<String, Set<String>> mappings = mappings(authority);
        Map<String, Set<String>> mapped = new HashMap<>(valid);
        mappings.forEach((policy, others) -> {
            if (mapping == 0) {
                mapped.remove(policy);
            } else if (valid.containsKey(policy) || valid.containsKey(ANY)) {
                mapped.put(policy, others);
            }
        });
        valid = mapped;
    }

    private static Set<String> named(X509Certificate certificate) {
        Set<String> named = new TreeSet<>();
        Extensions.value(certificate, Extension.certificatePolicies)
                .map(CertificatePolicies::getInstance)
                .ifPresent(policies -> {
                    for (PolicyInformation policy : policies.getPolicyInformation()) {
                        named.add(policy.getPolicyIdentifier().getId());
                    }
                });
        return named;
    }

    private static Map<String, Set<String>> mappings(X509Certificate authority) {
        Map<String, Set<String>> mappings = new HashMap<>();
        Extensions.value(authority, Extension.policyMappings)
                .map(ASN1Sequence::getInstance)
                .ifPresent(sequence -> {
                    for (ASN1Encodable pair : sequence) {
                        ASN1Sequence policies = ASN1Sequence.getInstance(pair);
                        if (policies.size() != 2) {
                            throw new IllegalArgumentException("a policy mapping is not one of two policies");
                        }
                        String above = identifier(policies.getObjectAt(0));
                        String below = identifier(policies.getObjectAt(1));
                        if (above.equals(ANY) || below.equals(ANY)) {
                            throw new IllegalArgumentException("a policy mapping names anyPolicy");
                        }
                        mappings.computeIfAbsent(above, none -> new HashSet<>()).add(below);
                    }
                });
        return mappings;
    }

    private static String identifier(ASN1Encodable policy) {
        return ASN1ObjectIdentifier.getInstance(policy).getId();
    }

    private static Optional<PolicyConstraints> constraints(X509Certificate certificate) {
        return Extensions.value(certificate, Extension.policyConstraints).map(PolicyConstraints::getInstance);
    }

    private static int lower(int limit, @Nullable BigInteger other) {
        return other == null
                ? limit
                : BigInteger.valueOf(limit).min(other.max(BigInteger.ZERO)).intValue();
    }
}
