package dev.tokenservice.bench;

import dev.tokenservice.cryptography.NativeCryptography;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Environment;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.eclipse.jetty.server.ServerConnector;

/**
 * A Dropwizard service with one resource, which answers a token request with a constant of the size of a token: what the exchange
 * costs without anything that the Token Service does. It writes no log. Prints its port as the Token Service does.
 *
 * <p>Without arguments it speaks HTTP. Arguments for TLS: the PKCS#12 files with the key of the server and with the authority of
 * its clients, and their password. It has the same cryptography as the Token Service, and demands a client certificate.
 */
public final class BareService extends Application<Configuration> {

    private static final String SETTINGS = """
            server:
              applicationConnectors: [%s]
              adminConnectors: [{type: http, port: 0}]
              requestLog: {appenders: []}
            logging: {level: WARN}
            """;

    private static final String PLAIN = "{type: http, port: 0}";

    private static final String TLS =
            "{type: https, port: 0, keyStorePath: '%s', trustStorePath: '%s', keyStorePassword: '%s', "
                    + "trustStorePassword: '%s', needClientAuth: true, disableSniHostCheck: true}";

    private static final String TOKEN = "x".repeat(800);

    /** Answers like the token endpoint. */
    @Path("/token")
    public static final class TokenResource {

        /** Answers every form alike. */
        @POST
        @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
        @Produces(MediaType.APPLICATION_JSON)
        public Map<String, Object> token(@FormParam("grant_type") String grantType) {
            return Map.of("id_token", TOKEN, "access_token", TOKEN, "token_type", grantType, "expires_in", 300);
        }
    }

    private final String connector;

    private BareService(String connector) {
        this.connector = connector;
    }

    public static void main(String[] arguments) throws Exception {
        String connector = PLAIN;
        if (arguments.length > 0) {
            new NativeCryptography().useEverywhere();
            connector = TLS.formatted(arguments[0], arguments[1], arguments[2], arguments[2]);
        }
        new BareService(connector).run("server", "settings");
    }

    @Override
    public void initialize(io.dropwizard.core.setup.Bootstrap<Configuration> bootstrap) {
        bootstrap.setConfigurationSourceProvider(
                name -> new ByteArrayInputStream(SETTINGS.formatted(connector).getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void run(Configuration configuration, Environment environment) {
        environment.jersey().register(new TokenResource());
        environment
                .lifecycle()
                .addServerLifecycleListener(server -> System.out.println(
                        "ready on application port " + ((ServerConnector) server.getConnectors()[0]).getLocalPort()));
    }
}
