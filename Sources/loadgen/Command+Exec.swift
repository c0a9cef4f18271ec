extension Command {
    static let exec = Command(
        name: "exec", argument: nil,
        summary: "start a program with the allocator probe in it, for runs that look for leaks",
        flags: [
            Flag(
                name: "--profile-heap", value: nil,
                help: "record the stacks of live memory, so that a leak is named by its function")
        ],
        examples: [
            "loadgen exec -- nginx -c /etc/nginx/nginx.conf",
            "loadgen exec --profile-heap -- moonbase --port 4343",
        ], takesCommand: true)
}
