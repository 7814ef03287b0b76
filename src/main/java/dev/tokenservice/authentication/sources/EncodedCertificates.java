package dev.tokenservice.authentication.sources;

import dev.tokenservice.identity.MalformedCertificateException;
import dev.tokenservice.x509.CertificateFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificates as proxies write them into headers. Each method takes its form only, to the last character:
 *
 * <pre>
 * url-encoded PEM = 1*8( "-----BEGIN CERTIFICATE-----" LF base64 LF "-----END CERTIFICATE-----" [ LF ] ), any character
 *                   of which may be percent-encoded (RFC 3986 section 2.1); "+" stands for itself
 * base64 list     = base64 of DER *7( "," base64 of DER )
 * byte sequence   = ":" base64 of DER ":" (RFC 8941 section 3.3.5), a list of them as in RFC 8941 section 3.1
 * </pre>
 */
public final class EncodedCertificates {

    private static final int MAX_LENGTH = 64 * 1024;
    private static final int MAX_CERTIFICATES = 8;
    private static final String BASE64 = "[A-Za-z0-9+/]+={0,2}";
    private static final Pattern PEM = Pattern.compile(
            "-----BEGIN CERTIFICATE-----\\r?\\n([A-Za-z0-9+/=\\r\\n]+)-----END CERTIFICATE-----[\\r\\n]*");
    private static final Pattern ITEM = Pattern.compile(BASE64);
    private static final Pattern BYTE_SEQUENCE = Pattern.compile(":(" + BASE64 + "):");
    private static final Pattern LIST_ITEM = Pattern.compile("[ \\t]*:(" + BASE64 + "):[ \\t]*");

    private EncodedCertificates() {}

    /** Reads PEM that is URL-encoded, the first certificate first. */
    public static List<X509Certificate> ofUrlEncodedPem(String text) {
        String pem = percentDecoded(bounded(text));
        List<X509Certificate> certificates = new ArrayList<>();
        Matcher matcher = PEM.matcher(pem);
        int end = 0;
        while (end < pem.length() && matcher.find(end) && matcher.start() == end) {
            certificates.add(certificate(decoded(matcher.group(1).replaceAll("[\\r\\n]", ""))));
            end = matcher.end();
        }
        check(end == pem.length(), "the PEM is malformed");
        return counted(certificates);
    }

    /** Reads base64 of DER, several joined by commas. */
    public static List<X509Certificate> ofBase64List(String text) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (String item : bounded(text).split(",", MAX_CERTIFICATES + 2)) {
            check(ITEM.matcher(item).matches(), "the base64 is malformed");
            certificates.add(certificate(decoded(item)));
        }
        return counted(certificates);
    }

    public static X509Certificate ofByteSequence(String text) {
        Matcher matcher = BYTE_SEQUENCE.matcher(bounded(text));
        check(matcher.matches(), "the byte sequence is malformed");
        return certificate(decoded(matcher.group(1)));
    }

    public static List<X509Certificate> ofByteSequences(String text) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (String item : bounded(text).split(",", MAX_CERTIFICATES + 2)) {
            Matcher matcher = LIST_ITEM.matcher(item);
            check(matcher.matches(), "the list of byte sequences is malformed");
            certificates.add(certificate(decoded(matcher.group(1))));
        }
        return counted(certificates);
    }

    /** A parser that stops early, or accepts something other than DER, must not make us believe other bytes than were sent. */
    private static X509Certificate certificate(byte[] der) {
        try {
            X509Certificate certificate =
                    (X509Certificate) CertificateFile.factory().generateCertificate(new ByteArrayInputStream(der));
            check(Arrays.equals(certificate.getEncoded(), der), "bytes follow the certificate");
            return certificate;
        } catch (CertificateException e) {
            throw new MalformedCertificateException("the certificate is malformed");
        }
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new MalformedCertificateException("the base64 is malformed");
        }
    }

    private static String percentDecoded(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            check(c >= ' ' && c <= '~', "the URL encoding is malformed");
            if (c == '%') {
                check(
                        i + 2 < text.length()
                                && HexFormat.isHexDigit(text.charAt(i + 1))
                                && HexFormat.isHexDigit(text.charAt(i + 2)),
                        "the URL encoding is malformed");
                bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private static String bounded(String text) {
        check(text.length() <= MAX_LENGTH, "it is longer than " + MAX_LENGTH + " characters");
        return text;
    }

    private static List<X509Certificate> counted(List<X509Certificate> certificates) {
        check(!certificates.isEmpty(), "there is no certificate");
        check(certificates.size() <= MAX_CERTIFICATES, "there are more than " + MAX_CERTIFICATES + " certificates");
        return List.copyOf(certificates);
    }

    private static void check(boolean sound, String problem) {
        if (!sound) {
            throw new MalformedCertificateException(problem);
        }
    }
}
