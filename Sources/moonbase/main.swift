print("moonbase")
