package dev.tokenservice.signing;

import dev.tokenservice.configuration.Durations;
import java.time.Duration;
import java.util.Locale;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.ArgumentParser;
import net.sourceforge.argparse4j.inf.ArgumentParserException;
import net.sourceforge.argparse4j.inf.ArgumentType;
import net.sourceforge.argparse4j.inf.Subparser;
import net.sourceforge.argparse4j.inf.Subparsers;

/** Declares the command line of {@code keys}. */
final class KeysArguments {

    static final String ACTION = "action";
    static final String DIR = "dir";
    static final String CONFIG = "config";

    private KeysArguments() {}

    static void configure(Subparser parser) {
        Subparsers actions = parser.addSubparsers().dest(ACTION).metavar("ACTION");
        Subparser generate = action(actions, "generate", "makes the first key, which signs, and its successor");
        generate.addArgument("--algorithm")
                .type((ArgumentType<String>) (of, argument, value) -> algorithm(of, value))
                .metavar("ALGORITHM")
                .help("RS256 or ES256 (default: SIGNING_ALGORITHM)");
        Subparser list = action(actions, "list", "shows each key, its state, and what happens next");
        list.addArgument("--json").action(Arguments.storeTrue()).help("write one JSON object");
        configureRotate(action(actions, "rotate", "activates successors that are due, and makes the next ones"));
        Subparser confirm = action(actions, "confirm", "records that a key was uploaded to a relying party");
        key(confirm);
        confirm.addArgument("--relying-party")
                .dest("relyingParty")
                .required(true)
                .metavar("NAME")
                .help("its name in the policy, with keys: uploaded");
        configureRevoke(action(actions, "revoke", "revokes a key, and makes a new one that signs"));
        action(actions, "jwks", "writes the public keys, for upload");
        parser.epilog(
                "The command reads SIGNING_KEYS_PASSWORD, KEY_CACHE_TIME, KEY_PUBLISH_LEAD, TOKEN_VALIDITY and POLICY, "
                        + "like the service. No key signs before it was confirmed for each relying party with keys: uploaded. The "
                        + "command does not manage keys in a PKCS#11 token. "
                        + "Exit status: 0 done, or nothing to do; 1 not done; 3 the policy or a public copy cannot be read; "
                        + "64 wrong arguments. "
                        + "Example: java -jar token-service.jar keys rotate /etc/token-service/keys --every 30d");
    }

    private static void configureRotate(Subparser rotate) {
        duration(
                rotate,
                "--every",
                "how long a key signs, such as 30d (default: until its successor was published for "
                        + "KEY_PUBLISH_LEAD)");
        duration(rotate, "--keep", "how long to keep a retired key before it is deleted (default: 30d)");
        rotate.addArgument("--published")
                .metavar("URL")
                .help("activate a successor only if the public copy of the keys at this URL has it");
    }

    private static void configureRevoke(Subparser revoke) {
        key(revoke);
        revoke.addArgument("--compromised")
                .action(Arguments.storeTrue())
                .required(true)
                .help("confirms that relying parties must refuse its tokens, also valid ones");
        revoke.addArgument("--trust-successor")
                .dest("trust")
                .action(Arguments.storeTrue())
                .help("let the successor sign instead of a new key, although it was in the same folder");
    }

    private static Subparser action(Subparsers actions, String name, String help) {
        Subparser action = actions.addParser(name).help(help);
        action.addArgument(DIR).metavar("DIR").help("the folder of SIGNING_KEYS");
        action.addArgument("--config")
                .dest(CONFIG)
                .metavar("FILE")
                .help("configuration file (default: the one in the jar)");
        return action;
    }

    private static void key(Subparser action) {
        action.addArgument("kid").metavar("KID").help("the id of the key, as 'keys list' shows it");
    }

    private static void duration(Subparser action, String name, String help) {
        action.addArgument(name)
                .type((ArgumentType<Duration>) (of, argument, value) -> Durations.parse(value)
                        .orElseThrow(() -> new ArgumentParserException(
                                "argument " + name + ": found '" + value
                                        + "', must be a duration such as 24h, 30d or P30D",
                                of)))
                .metavar("TIME")
                .help(help);
    }

    private static String algorithm(ArgumentParser of, String value) throws ArgumentParserException {
        String algorithm = value.toUpperCase(Locale.ROOT);
        if (!SigningKey.ALGORITHMS.contains(algorithm)) {
            throw new ArgumentParserException(
                    "argument --algorithm: found '" + value + "', must be RS256 or ES256", of);
        }
        return algorithm;
    }
}
