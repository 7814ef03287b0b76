package dev.tokenservice.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.testing.TestAuthority;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.PolicyConstraints;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.junit.jupiter.api.Test;

/** RFC 5280 sections 6.1.3 to 6.1.5, from a root with any policy. */
class PoliciesTest {

    private static final ASN1ObjectIdentifier ANY = new ASN1ObjectIdentifier("2.5.29.32.0");
    private static final ASN1ObjectIdentifier ONE = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.2.1");
    private static final ASN1ObjectIdentifier TWO = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.2.2");

    private final TestAuthority root = TestAuthority.root("Root");

    private static UnaryOperator<TestAuthority.Builder> policies(ASN1ObjectIdentifier... named) {
        PolicyInformation[] policies =
                Arrays.stream(named).map(PolicyInformation::new).toArray(PolicyInformation[]::new);
        return content -> content.extension(Extension.certificatePolicies, false, new CertificatePolicies(policies));
    }

    private static TestAuthority.Builder limits(TestAuthority.Builder content, int explicit, int mapping) {
        return content.extension(
                Extension.policyConstraints,
                true,
                new PolicyConstraints(BigInteger.valueOf(explicit), mapping < 0 ? null : BigInteger.valueOf(mapping)));
    }

    private static TestAuthority.Builder mapped(
            TestAuthority.Builder content, ASN1Encodable above, ASN1Encodable below) {
        return content.extension(
                Extension.policyMappings, false, new DERSequence(new DERSequence(new ASN1Encodable[] {above, below})));
    }

    private static X509Certificate leaf(TestAuthority issuer, UnaryOperator<TestAuthority.Builder> content) {
        return content.apply(issuer.leaf("client")).issue().certificate();
    }

    private boolean isValid(X509Certificate leaf, TestAuthority... above) {
        Policies policies = new Policies(above.length + 1);
        policies.restrict(root.certificate(), true);
        for (TestAuthority authority : above) {
            X509Certificate certificate = authority.certificate();
            boolean exempt = certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
            policies.narrow(certificate, exempt);
            if (policies.isMissing()) {
                return false;
            }
            policies.restrict(certificate, exempt);
        }
        policies.narrow(leaf, false);
        return !policies.isMissing(leaf);
    }

    @Test
    void requiredPolicy_isCountedDownToTheLeaf() {
        for (int explicit : List.of(0, 1, 2)) {
            TestAuthority sub =
                    root.intermediate("Sub", content -> limits(policies(ONE).apply(content), explicit, -1));

            assertThat(isValid(leaf(sub, policies(ONE)), sub)).isTrue();
            assertThat(isValid(leaf(sub, content -> content), sub)).isEqualTo(explicit == 2);
            assertThat(isValid(leaf(sub, policies(TWO)), sub)).isEqualTo(explicit == 2);
        }
    }

    @Test
    void leafThatRequiresAPolicy_isHeldToIt() {
        TestAuthority sub = root.intermediate("Sub", policies(ONE));

        assertThat(isValid(leaf(sub, content -> limits(content, 0, -1)), sub)).isFalse();
        assertThat(isValid(leaf(sub, content -> limits(content, 1, -1)), sub)).isTrue();
        assertThat(isValid(leaf(sub, content -> limits(policies(ONE).apply(content), 0, -1)), sub))
                .isTrue();
    }

    @Test
    void mappedPolicy_isValidUnderItsOtherNameOnly() {
        for (ASN1ObjectIdentifier named : List.of(ONE, ANY)) {
            TestAuthority sub = root.intermediate(
                    "Sub", content -> mapped(limits(policies(named).apply(content), 0, -1), ONE, TWO));

            assertThat(isValid(leaf(sub, policies(TWO)), sub)).isTrue();
            assertThat(isValid(leaf(sub, policies(ONE)), sub)).isEqualTo(named.equals(ANY));
        }
    }

    @Test
    void mapping_thatAnAuthorityInhibits_endsThePolicy() {
        for (int allowed : List.of(0, 1)) {
            TestAuthority sub =
                    root.intermediate("Sub", content -> limits(policies(ONE).apply(content), 0, allowed));
            TestAuthority below =
                    sub.intermediate("Below", content -> mapped(policies(ONE).apply(content), ONE, TWO));

            assertThat(isValid(leaf(below, policies(TWO)), sub, below)).isEqualTo(allowed == 1);
            assertThat(isValid(leaf(below, policies(ONE)), sub, below)).isFalse();
        }
    }

    @Test
    void anyPolicy_thatAnAuthorityInhibits_countsInSelfIssuedAuthoritiesOnly() {
        TestAuthority free =
                root.intermediate("Sub", content -> limits(policies(ONE).apply(content), 0, -1));
        TestAuthority sub = root.intermediate(
                "Sub",
                content -> limits(policies(ONE).apply(content), 0, -1)
                        .extension(Extension.inhibitAnyPolicy, true, new ASN1Integer(0)));
        TestAuthority selfIssued = sub.intermediate("Sub", policies(ANY));
        TestAuthority below = sub.intermediate("Below", policies(ANY));

        assertThat(isValid(leaf(free, policies(ANY)), free)).isTrue();
        assertThat(isValid(leaf(sub, policies(ANY)), sub)).isFalse();
        assertThat(isValid(leaf(selfIssued, policies(ONE)), sub, selfIssued)).isTrue();
        assertThat(isValid(leaf(below, policies(ONE)), sub, below)).isFalse();
    }

    @Test
    void mapping_thatIsMalformedOrNamesAnyPolicy_isAnError() {
        for (List<ASN1Encodable> pair : List.<List<ASN1Encodable>>of(
                List.of(ANY, TWO), List.of(ONE, ANY), List.of(ONE, new DERUTF8String(TWO.getId())))) {
            TestAuthority sub = root.intermediate("Sub", content -> mapped(content, pair.get(0), pair.get(1)));

            assertThatThrownBy(() -> isValid(leaf(sub, policies(ONE)), sub))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
