package dev.tokenservice;

import dev.tokenservice.configuration.PolicyJudge;
import dev.tokenservice.policy.PolicyContext;
import dev.tokenservice.policy.PolicyFile;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Judges policy files as a start-up would. */
final class PolicyFileJudge implements PolicyJudge<TokenServiceConfiguration> {

    private final Clock clock;

    PolicyFileJudge(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Optional<String> policyOf(TokenServiceConfiguration configuration) {
        return configuration.authentication.policy(configuration.tokens(clock)).file();
    }

    @Override
    public Verdict judge(Optional<TokenServiceConfiguration> beside, Path root, String file) {
        PolicyContext context = beside.map(configuration -> configuration
                        .authentication
                        .policy(configuration.tokens(clock))
                        .context())
                .orElse(PolicyContext.NONE);
        Path path = root.getNameCount() == 0 ? Path.of(file) : root.resolve(file.substring(1));
        PolicyFile.Problems problems = new PolicyFile(path, root, context, clock).problems();
        return new Verdict(places(problems.wrong(), root, path), places(problems.absent(), root, path));
    }

    /** Without the name of the file, which the caller writes, and with paths as they are where the service runs. */
    private static List<String> places(List<String> lines, Path root, Path file) {
        return lines.stream()
                .map(line -> line.substring(file.toString().length() + 1))
                .map(line -> root.getNameCount() == 0 ? line : line.replace(root.toString(), ""))
                .toList();
    }
}
