package dev.tokenservice.doctor;

import dev.tokenservice.files.UnusableFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** The options of {@code doctor URL}. */
final class RemoteArguments {

    private static final String CERTIFICATE = "cert";
    private static final String KEY = "key";
    private static final String AUTHORITIES = "cacert";
    private static final String RUN_URL = "run-url";

    private final Namespace namespace;

    RemoteArguments(Namespace namespace) {
        this.namespace = namespace;
    }

    static void addTo(Subparser parser) {
        parser.addArgument("--cert")
                .dest(CERTIFICATE)
                .metavar("FILE")
                .help("with URL: the client's certificate, and intermediates, PEM");
        parser.addArgument("--key").dest(KEY).metavar("FILE").help("with URL: the private key of --cert, PEM");
        parser.addArgument("--cacert")
                .dest(AUTHORITIES)
                .metavar("FILE")
                .help("with URL: the authorities of the server's certificate, if the JVM does not trust them");
        parser.addArgument("--run-url")
                .dest(RUN_URL)
                .metavar("URL")
                .help("with URL: an address that bypasses the load balancer, and must refuse requests");
    }

    static boolean isUrl(String target) {
        return target.contains("://");
    }

    /**
     * Returns a doctor for a service.
     *
     * @throws IllegalArgumentException with a message for the caller, when the command line is wrong
     */
    RemoteDoctor doctor(String url, Clock clock) {
        RemoteService service = service("URL", url);
        Optional<RemoteService> pastTheProxy = value(RUN_URL).map(text -> service("--run-url", text));
        if (value(CERTIFICATE).isPresent() != value(KEY).isPresent()) {
            throw new IllegalArgumentException("--cert and --key must be given together");
        }
        try {
            return new RemoteDoctor(
                    service, ClientFiles.read(file(CERTIFICATE), file(KEY), file(AUTHORITIES)), pastTheProxy, clock);
        } catch (UnusableFileException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Refuses the options of {@code doctor URL} where there is no URL.
     *
     * @throws IllegalArgumentException with a message for the caller
     */
    void expectNone() {
        for (String option : new String[] {CERTIFICATE, KEY, AUTHORITIES, RUN_URL}) {
            if (value(option).isPresent()) {
                throw new IllegalArgumentException("--" + option + " needs the URL of a service: doctor https://HOST");
            }
        }
    }

    private static RemoteService service(String what, String url) {
        try {
            return RemoteService.of(url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + " " + e.getMessage(), e);
        }
    }

    private Optional<Path> file(String option) {
        return value(option).map(Path::of);
    }

    private Optional<String> value(String option) {
        return Optional.ofNullable(namespace.getString(option));
    }
}
