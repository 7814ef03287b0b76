package dev.tokenservice.x509;

import com.google.common.net.InetAddresses;
import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.MalformedCertificateException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.util.List;

/** The IP addresses among subject alternative names, RFC 5280 section 4.2.1.6. */
final class IpAddresses {

    private static final int IPV4_BYTES = 4;

    private IpAddresses() {}

    /** Returns all of them, in the form of RFC 5952. */
    static Attribute<List<String>> of(X509Certificate certificate) {
        return Attribute.all(SubjectAlternativeName.of(certificate).stream()
                .filter(name -> name.kind() == SubjectAlternativeName.Kind.IP)
                .map(SubjectAlternativeName::text)
                .toList());
    }

    /** An IPv4 address that is written as an IPv6 one stays that, so that it is not taken for another name. */
    static String text(byte[] address) {
        try {
            return InetAddresses.toAddrString(
                    address.length == IPV4_BYTES
                            ? InetAddress.getByAddress(address)
                            : Inet6Address.getByAddress(null, address, -1));
        } catch (UnknownHostException e) {
            throw new MalformedCertificateException("an IP address among the alternative names has the wrong length");
        }
    }
}
