package dev.tokenservice.x509;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.testing.TestAuthority;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;

/** What is read of a certificate is remembered, in bounded memory. */
class CertificateAttributesTest {

    private final TestAuthority authority = TestAuthority.root("Root");

    @Test
    void of_sameCertificateAgain_isNotReadAgain() {
        X509Certificate certificate = authority.client("spiffe://example.com/a").certificate();

        ClientCertificate first = CertificateAttributes.of(certificate);

        assertThat(CertificateAttributes.of(certificate)).isSameAs(first);
    }

    @Test
    void of_otherCertificateOfTheSameNames_isReadItself() {
        X509Certificate one = authority.client("spiffe://example.com/a").certificate();
        X509Certificate other = authority.client("spiffe://example.com/a").certificate();

        assertThat(CertificateAttributes.of(other).sha256())
                .contains(CertificateAttributes.sha256(other))
                .isNotEqualTo(CertificateAttributes.of(one).sha256());
    }

    @Test
    void of_largeCertificate_isReadEachTime() {
        X509Certificate large = authority
                .leaf("client")
                .uri("spiffe://example.com/a")
                .uri("https://example.com/" + "b".repeat(1900))
                .uri("https://example.com/" + "c".repeat(1900))
                .issue()
                .certificate();

        assertThat(CertificateAttributes.of(large))
                .isEqualTo(CertificateAttributes.of(large))
                .isNotSameAs(CertificateAttributes.of(large));
    }
}
