package dev.tokenservice;

import dev.tokenservice.policy.Explanation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Argument;
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
        addPolicy(actions.addParser("check").help("reads a policy file and every file that it names"));
        Subparser show =
                actions.addParser("show").help("prints the policy in force, so that you can save and change it");
        show.addArgument(FILE).nargs("?").metavar("CONFIG").help("config.yml (default: the one in the jar)");
        declareExplain(actions.addParser("explain").help("shows how a policy treats a client certificate"));
        Subparser test = actions.addParser("test").help("compares a policy with the cases of a file");
        addPolicy(test);
        test.addArgument(CASES).metavar("CASES").help("the file of cases");
        test.addArgument("--" + JSON).dest(JSON).action(Arguments.storeTrue()).help("write one JSON object");
        Subparser replay =
                actions.addParser("replay").help("shows which clients of the audit lines would gain or lose tokens");
        replay.addArgument(AUDIT).metavar("AUDIT").help("a file of audit lines in JSON");
        addPolicy(replay);
        parser.epilog(
                "explain and test read CLIENT_ID, MTLS_HEADER_CLIENT_ID and DENIED_CERTIFICATES from the environment. "
                        + "Exit status: 0 the policy is valid, the client gets the token, or all cases pass; 1 otherwise; 3 some "
                        + "audit lines could not be decided; 64 wrong arguments. "
                        + "Example: java -jar token-service.jar policy explain policy.yml --certificate client.pem");
    }

    private static void addPolicy(Subparser action) {
        action.addArgument(FILE).metavar("FILE").help("the policy file");
    }

    private static void declareExplain(Subparser explain) {
        addPolicy(explain);
        addOption(explain, "certificate", CERTIFICATE, "PEM", "the client certificate")
                .required(true);
        addOption(explain, "chain", CHAIN, "PEM", "the intermediate certificates that the client sends");
        addOption(explain, "flow", FLOW, "FLOW", "the flow of the request");
        addOption(explain, "audience", AUDIENCE, "AUDIENCE", "the requested audience");
        addOption(explain, "relying-party", RELYING_PARTY, "NAME", "the requested relying party");
        addOption(explain, "scope", SCOPE, "SCOPES", "the requested scopes, separated by spaces");
        addOption(explain, "service-account", SERVICE_ACCOUNT, "EMAIL", "the service account to impersonate");
    }

    private static Argument addOption(Subparser action, String name, String key, String value, String help) {
        return action.addArgument("--" + name).dest(key).metavar(value).help(help);
    }

    /** Returns the certificate of the client, and those that it sends along. */
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
