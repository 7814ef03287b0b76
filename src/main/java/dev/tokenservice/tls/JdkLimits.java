package dev.tokenservice.tls;

/** What the JDK's TLS takes from system properties only; what an operator sets with {@code -D} stays. */
public final class JdkLimits {

    /** As much as the chain is allowed, and the length fields around its certificates (RFC 8446 section 4.4.2). */
    private static final int MAX_HANDSHAKE_MESSAGE = 64 * 1024 + 256;

    /** More than any request is allowed, so that a chain which is somewhat too long is answered with the reason. */
    private static final int MAX_CHAIN_LENGTH = 10;

    /** The first one that reads back every session ticket that it wrote (JDK-8350830). */
    private static final int FIRST_WITHOUT_TICKET_DEFECT = 25;

    private JdkLimits() {}

    /**
     * To be called before the first use of TLS in the process. Older JDKs write the lengths in a session ticket as signed
     * bytes, and break the connection when a client resumes a TLS 1.2 session for a server name of more than 127 characters.
     * Without tickets sessions are resumed from memory.
     */
    public static void apply() {
        setDefault("jdk.tls.maxHandshakeMessageSize", Integer.toString(MAX_HANDSHAKE_MESSAGE));
        // Newer JDKs take 8 where neither this nor jdk.tls.server.maxInboundCertificateChainLength is set.
        setDefault("jdk.tls.maxCertificateChainLength", Integer.toString(MAX_CHAIN_LENGTH));
        if (Runtime.version().feature() < FIRST_WITHOUT_TICKET_DEFECT) {
            setDefault("jdk.tls.server.enableSessionTicketExtension", "false");
        }
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
