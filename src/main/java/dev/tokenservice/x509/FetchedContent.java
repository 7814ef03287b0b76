package dev.tokenservice.x509;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CRLException;
import java.security.cert.X509CRL;
import java.util.HexFormat;
import java.util.List;

/** A short name of what was fetched, by which replicas can be compared. */
public final class FetchedContent {

    private static final int BYTES = 6;

    private FetchedContent() {}

    /** Returns the beginning of the SHA-256 of every list that was fetched: 12 hex digits. */
    public static String of(List<FetchedLists> authorities) {
        MessageDigest digest = sha256();
        authorities.forEach(authority -> digest.update(authority.digest()));
        return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
    }

    static byte[] digest(List<X509CRL> lists) {
        MessageDigest digest = sha256();
        try {
            for (X509CRL list : lists) {
                digest.update(list.getEncoded());
            }
        } catch (CRLException e) {
            throw new IllegalStateException("every list was read from its encoding", e);
        }
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
