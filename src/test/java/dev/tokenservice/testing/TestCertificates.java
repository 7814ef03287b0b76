package dev.tokenservice.testing;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** The client certificates of an authority, for tests that never need their keys. */
public final class TestCertificates {

    private final TestAuthority authority;

    private TestCertificates(TestAuthority authority) {
        this.authority = authority;
    }

    /** Those of a new authority. */
    public static TestCertificates authority(String commonName) {
        return new TestCertificates(TestAuthority.root(commonName));
    }

    /** A client certificate that is valid from a minute ago for a day, without any name. */
    public Client client() {
        return new Client(authority.leaf("client").purposes(KeyPurposeId.id_kp_clientAuth));
    }

    /** What goes into a client certificate. */
    public static final class Client {

        private final TestAuthority.Builder content;

        private Client(TestAuthority.Builder content) {
            this.content = content;
        }

        public Client uri(String uri) {
            content.uri(uri);
            return this;
        }

        public Client dns(String dnsName) {
            content.dns(dnsName);
            return this;
        }

        public Client serial(BigInteger number) {
            content.serial(number);
            return this;
        }

        public Client validFor(Duration fromNow) {
            return valid(
                    Instant.now().minus(Duration.ofMinutes(1)), Instant.now().plus(fromNow));
        }

        public Client valid(Instant from, Instant to) {
            content.valid(from, to);
            return this;
        }

        public X509Certificate issue() {
            return content.issue().certificate();
        }
    }
}
