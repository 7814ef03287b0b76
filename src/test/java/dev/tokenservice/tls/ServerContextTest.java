package dev.tokenservice.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.cryptography.NativeCryptography;
import dev.tokenservice.testing.TestAuthority;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSessionContext;
import org.junit.jupiter.api.Test;

/** What is kept of clients from one connection for the next. */
class ServerContextTest {

    @Test
    void sessions_ofManyClients_areBounded() throws NoSuchAlgorithmException {
        TestAuthority root = TestAuthority.root("Root CA");
        TestAuthority.Identity server = root.server();

        SSLSessionContext sessions = ServerContext.of(
                        new ServerIdentity(server.key(), server.chain()),
                        () -> List.of(root.certificate()),
                        new NativeCryptography(),
                        new ShownCertificates())
                .context()
                .getServerSessionContext();

        assertThat(sessions.getSessionCacheSize())
                .isEqualTo(1000)
                .isLessThan(SSLContext.getDefault().getServerSessionContext().getSessionCacheSize());
    }
}
