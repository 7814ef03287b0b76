package dev.tokenservice;

import dev.tokenservice.policy.Explanation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import net.sourceforge.argparse4j.inf.Subparsers;

/** The arguments of {@code policy}. */
final class PolicyArguments {

    static final String ACTION = "action";
    static final String FILE = "file";
    private static final String CERTIFICATE = "certificate";
    private static final String CHAIN = "chain";
    private static final String FLOW = "flow";
    private static final String AUDIENCE = "audience";
    private static final String RELYING_PARTY = "relyingParty";
    private static final String SCOPE = "scope";
    private static final String SERVICE_ACCOUNT = "serviceAccount";
    static final String CASES = "cases";
    static final String JSON = "json";
    static final String AUDIT = "audit";

    private PolicyArguments() {}

    static void declare(Subparser parser) {
        Subparsers actions =
                parser.addSubparsers().dest(ACTION).metavar("ACTION").title("actions");
        Subparser check = actions.addParser("check").help("reads a policy file and every file that it names");
        check.addArgument(FILE).metavar("FILE");
        Subparser show = actions.addParser("show").help("prints the policy that is in force, to be saved and changed");
        show.addArgument(FILE).nargs("?").metavar("CONFIG").help("config.yml; without it the one in the jar");
        Subparser explain = actions.addParser("explain").help("says what a policy makes of a client certificate");
        explain.addArgument(FILE).metavar("FILE");
        explain.addArgument("--certificate").dest(CERTIFICATE).required(true).metavar("PEM");
        explain.addArgument("--chain").dest(CHAIN).metavar("PEM").help("the certificates that the client sends along");
        explain.addArgument("--" + FLOW).dest(FLOW).metavar("FLOW").help("by which the client comes");
        explain.addArgument("--" + AUDIENCE).dest(AUDIENCE).metavar("AUDIENCE");
        explain.addArgument("--relying-party").dest(RELYING_PARTY).metavar("NAME");
        explain.addArgument("--" + SCOPE).dest(SCOPE).metavar("SCOPES").help("separated by spaces");
        explain.addArgument("--service-account").dest(SERVICE_ACCOUNT).metavar("EMAIL");
        Subparser test = actions.addParser("test").help("holds a policy to the cases of a file");
        test.addArgument(FILE).metavar("FILE");
        test.addArgument(CASES).metavar("CASES");
        test.addArgument("--" + JSON).dest(JSON).action(Arguments.storeTrue());
        Subparser replay = actions.addParser("replay").help("says who would gain or lose what since the audit lines");
        replay.addArgument(AUDIT).metavar("AUDIT");
        replay.addArgument(FILE).metavar("FILE");
        parser.epilog(
                "explain and test take CLIENT_ID, MTLS_HEADER_CLIENT_ID and DENIED_CERTIFICATES from the environment. "
                        + "Exit status: 0 the policy is valid, and the client gets the token or all cases pass; 1 not; 3 some "
                        + "audit lines could not be judged; 64 wrong arguments. "
                        + "Example: java -jar token-service.jar policy explain policy.yml --certificate client.pem");
    }

    /** The certificate of the client, and those that it sends along. */
    static List<Path> certificates(Namespace namespace) {
        return Stream.of(CERTIFICATE, CHAIN)
                .flatMap(option -> option(namespace, option).stream())
                .map(Path::of)
                .toList();
    }

    static Explanation.Asked asked(Namespace namespace) {
        return new Explanation.Asked(
                option(namespace, FLOW),
                option(namespace, AUDIENCE),
                option(namespace, RELYING_PARTY),
                option(namespace, SCOPE).stream()
                        .flatMap(scopes -> Stream.of(scopes.split(" ", -1)))
                        .filter(scope -> !scope.isEmpty())
                        .toList(),
                option(namespace, SERVICE_ACCOUNT));
    }

    private static Optional<String> option(Namespace namespace, String name) {
        return Optional.ofNullable(namespace.getString(name));
    }
}
